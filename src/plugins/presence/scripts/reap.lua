-- SPDX-FileCopyrightText: 2026 The Rollcall contributors
-- SPDX-License-Identifier: MIT
-- REAP: takes up to so many members of a dead node out of a room. Whoever finds the node dead may call it, several at
-- once too. When nothing of the node is left it is forgotten.
--
-- KEYS  1 presence:page:<r>    SET     members of the room
--       2 room:<r>:nodes       SET     nodes that hold members
--       3 room:<r>:node:<n>    SET     members that the dead node holds
--       4 rooms:occupancy      ZSET    room -> distinct users
--       5 presence:nodes       ZSET    node -> end of its lease (ms)
--       6 presence:node:<n>:rooms  SET rooms in which the dead node holds members
--       7 presence:node:<n>    HASH    its lease
--       8 presence:online      ZSET
--       9 presence:deadlines   ZSET
-- ARGV  1 dead node   2 room ("": none, only forget the node)   3 "room:<r>:node:"   4 "room:<r>:user:"
--       5 members at most   6 1: dead whatever its lease says   7 reason   8 channel of the room
--       9 presence:offline (channel)   10 "presence:"   11 "presence:meta:"
--      12 life of the meta hash of an offline user (s)
-- Returns {members left in the room (-1: the node lives), distinct users, members taken}
local wrong = wrong_type({'set', 'set', 'set', 'zset', 'zset', 'set', 'hash', 'zset', 'zset'})
if wrong then return wrong end

local node, room = ARGV[1], ARGV[2]
local now = now_ms()
local lease = redis.call('ZSCORE', KEYS[5], node)
if ARGV[6] ~= '1' and lease and tonumber(lease) > now then return {-1, 0, 0} end
-- Should the node wake up, it must find that its lease is not its own any more.
redis.call('DEL', KEYS[7])

local left, users, taken = 0, 0, {}
if room ~= '' then
  taken = redis.call('SPOP', KEYS[3], ARGV[5])
  local others = {}
  for _, other in ipairs(redis.call('SMEMBERS', KEYS[2])) do
    if other ~= node then others[#others + 1] = ARGV[3] .. other end
  end
  for _, member in ipairs(taken) do
    local is_elsewhere = false
    for _, other in ipairs(others) do
      if redis.call('SISMEMBER', other, member) == 1 then
        is_elsewhere = true
        break
      end
    end
    if not is_elsewhere then
      redis.call('SREM', KEYS[1], member)
      redis.call('DEL', ARGV[4] .. key_part(member))
    end
    local user_key = ARGV[10] .. member
    if is_hash(user_key) then redis.call('HDEL', user_key, seat_field(node, room)) end
    if is_hash(user_key) and not is_held(user_key) then
      local is_guest = string.sub(member, 1, 5) == 'anon:'
      go_offline(member, user_key, ARGV[11] .. key_part(member), KEYS[8], KEYS[9], is_guest and 0 or tonumber(ARGV[12]),
                 ARGV[9], node, now)
    end
  end
  left = redis.call('SCARD', KEYS[3])
  if left == 0 then
    redis.call('SREM', KEYS[2], node)
    redis.call('SREM', KEYS[6], room)
  end
  users = set_occupancy(KEYS[1], KEYS[4], room)
  if #taken > 0 then
    redis.call('PUBLISH', ARGV[8], 'reap\n' .. node .. '\n' .. ARGV[7] .. '\n' .. table.concat(taken, '\n'))
  end
end
if left == 0 and redis.call('EXISTS', KEYS[6]) == 0 then redis.call('ZREM', KEYS[5], node) end
return {left, users, #taken}
