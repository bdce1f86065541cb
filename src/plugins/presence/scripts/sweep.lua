-- SPDX-FileCopyrightText: 2026 The Rollcall contributors
-- SPDX-License-Identifier: MIT
-- SWEEP: users whose deadline has passed, whose key is gone and whose node is dead are offline. A living node reports
-- its own. One node at a time does it; two at once would do no harm.
--
-- KEYS  1 presence:deadlines   ZSET    member -> deadline (ms)
--       2 presence:online      ZSET    member -> last heartbeat (s)
--       3 presence:nodes       ZSET    node -> end of its lease (ms)
--       4 presence:reaper      STRING  who sweeps
-- ARGV  1 this node   2 life of presence:reaper (ms)   3 members at most   4 "presence:"   5 "presence:meta:"
--       6 life of the meta hash of an offline user (s)   7 presence:offline (channel)
-- Returns how many users went offline; -1: another node sweeps
local wrong = wrong_type({'zset', 'zset', 'zset', 'string'})
if wrong then return wrong end

local sweeper = redis.call('GET', KEYS[4])
if sweeper and sweeper ~= ARGV[1] then return -1 end
redis.call('SET', KEYS[4], ARGV[1], 'PX', ARGV[2])

local now = now_ms()
local gone = 0
for _, member in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[3])) do
  local user_key = ARGV[4] .. member
  local life = redis.call('PTTL', user_key)
  local is_held_by_living = life ~= -2
  -- A node that died, or was taken for dead, in the middle of a resync: who lives writes a deadline at once.
  if life == -1 and is_hash(user_key) then redis.call('PEXPIRE', user_key, 10000) end
  local meta_key = ARGV[5] .. key_part(member)
  local node = redis.call('HGET', meta_key, 'node')
  if node and not is_held_by_living then
    local lease = redis.call('ZSCORE', KEYS[3], node)
    is_held_by_living = lease and tonumber(lease) > now
  end
  if is_held_by_living then
    -- Its node is about to write it again; until then the others get their turn.
    redis.call('ZADD', KEYS[1], 'XX', now + 1000, member)
  else
    local is_guest = string.sub(member, 1, 5) == 'anon:'
    gone = gone + go_offline(member, user_key, meta_key, KEYS[2], KEYS[1], is_guest and 0 or tonumber(ARGV[6]), ARGV[7],
                             node or '', now)
  end
end
return gone
