-- SPDX-FileCopyrightText: 2026 The Rollcall contributors
-- SPDX-License-Identifier: MIT
-- LEASE: this node lives. A lease that was not ours any more (run out, reaped, Redis restarted) is taken anew, without
-- the mark that everything this node holds has been written.
--
-- KEYS  1 presence:node:<n>    HASH    host, version, url, state, synced
--       2 presence:nodes       ZSET    node -> end of its lease (ms)
-- ARGV  1 node   2 lease (ms)   3 "presence:node:"   4 synced: the run of Redis to which all was written, or ""
--       5.. more fields and values
-- Returns {1: the lease was still ours, now (ms), then for every node: node, rest of its lease (ms), state, synced, public URL}
local wrong = wrong_type({'hash', 'zset'})
if wrong then return wrong end

local now = now_ms()
local ends = redis.call('ZSCORE', KEYS[2], ARGV[1])
local held = (ends and tonumber(ends) > now and redis.call('EXISTS', KEYS[1]) == 1) and 1 or 0
redis.call('HSET', KEYS[1], 'synced', held == 1 and ARGV[4] or '', unpack(ARGV, 5))
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('ZADD', KEYS[2], now + ARGV[2], ARGV[1])

local result = {held, now}
local nodes = redis.call('ZRANGE', KEYS[2], 0, -1, 'WITHSCORES')
for i = 1, #nodes, 2 do
  local fields = redis.call('HMGET', ARGV[3] .. nodes[i], 'state', 'synced', 'url')
  result[#result + 1] = nodes[i]
  result[#result + 1] = nodes[i + 1] - now
  result[#result + 1] = fields[1] or ''
  result[#result + 1] = fields[2] or ''
  result[#result + 1] = fields[3] or ''
end
return result
