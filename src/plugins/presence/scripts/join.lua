-- SPDX-FileCopyrightText: 2026 The Rollcall contributors
-- SPDX-License-Identifier: MIT
-- JOIN: a node holds a user in a room. Repeating it changes nothing. Publishes the join (or what changed) itself,
-- so that state and event cannot separate.
--
-- KEYS  1 room:<r>:node:<n>    SET     members that the node holds
--       2 room:<r>:nodes       SET     nodes that hold members
--       3 room:<r>:user:<u>    STRING  the member as JSON
--       4 presence:page:<r>    SET     members of the room
--       5 rooms:occupancy      ZSET    room -> distinct users
--       6 room:<r>:reserved    ZSET    reserved seats
--       7 presence:<member>    HASH    the user, living until the deadline
--       8 presence:meta:<u>    HASH
--       9 presence:online      ZSET    member -> last heartbeat (s)
--      10 presence:deadlines   ZSET    member -> deadline (ms)
--      11 presence:node:<n>:rooms  SET  rooms in which the node holds members
--      12 presence:nodes       ZSET    node -> end of its lease (ms)
-- ARGV  1 member   2 node   3 room   4 the JSON   5 its life (s; 0: neither JSON nor meta hash)   6 what the seat's field says
--       7 deadline (ms, Redis' time)   8 last heartbeat (s)   9 lease (ms)   10 channel of the room
--      11 presence:online (channel)   12 presence:updates (channel)   13 status: online, away
--      14 deviceId ("": not known)   15 role ("": none)
--      16.. fields and values of the user's hash
-- Returns {1: first of the user in the room on any node, distinct users, nodes of the room, 1: came online}
local kOwn = {[3] = 'string', [7] = 'hash', [8] = 'hash'}
local kShared = {[1] = 'set', [2] = 'set', [4] = 'set', [5] = 'zset', [6] = 'zset', [9] = 'zset', [10] = 'zset',
                 [11] = 'set', [12] = 'zset'}
local member, node, room = ARGV[1], ARGV[2], ARGV[3]
-- Mostly there is nothing of the user, and nothing to be asked about.
local is_known = redis.call('EXISTS', KEYS[3], KEYS[7], KEYS[8]) > 0
local wrong = is_known and wrong_type(kOwn)
if wrong then return wrong end

local now = now_ms()
local is_new, first, users, came_online = 0, 0, 0, 0
-- Redis refuses what would destroy one of these: the types are asked for only then.
local is_written, failure = pcall(function()
  is_new = redis.call('SADD', KEYS[1], member)
  first = redis.call('SADD', KEYS[4], member)
  redis.call('SADD', KEYS[2], node)
  -- A node whose lease was reaped must be found again should it die before it has renewed the lease. What is reaped has
  -- no rooms any more.
  if redis.call('SADD', KEYS[11], room) == 1 then redis.call('ZADD', KEYS[12], 'NX', now + ARGV[9], node) end
  redis.call('ZREM', KEYS[6], member)
  redis.call('ZADD', KEYS[10], 'GT', ARGV[7], member)
  came_online = redis.call('ZADD', KEYS[9], 'GT', ARGV[8], member)
  users = set_occupancy(KEYS[4], KEYS[5], room)
end)
if not is_written then
  -- Not counted, and that they came is still to be said when it is.
  if is_new == 1 then redis.call('SREM', KEYS[1], member) end
  if first == 1 then redis.call('SREM', KEYS[4], member) end
  if came_online == 1 then redis.call('ZREM', KEYS[9], member) end
  return refusal(failure, kShared)
end

local is_lean = ARGV[5] == '0'
if not is_lean then redis.call('SET', KEYS[3], ARGV[4], 'EX', ARGV[5]) end
local life = is_known and redis.call('PTTL', KEYS[7]) or -2
redis.call('HSET', KEYS[7], seat_field(node, room), ARGV[6], unpack(ARGV, 16))
-- Another node may know a later deadline.
if life < 0 then
  redis.call('PEXPIREAT', KEYS[7], ARGV[7])
else
  redis.call('PEXPIREAT', KEYS[7], ARGV[7], 'GT')
end
if not is_lean then
  redis.call('HSET', KEYS[8], 'status', ARGV[13], 'node', node, 'deviceId', ARGV[14], 'role', ARGV[15])
  if is_known then redis.call('PERSIST', KEYS[8]) end
end

local kind = is_new == 1 and 'join' or 'update'
redis.call('PUBLISH', ARGV[10], kind .. '\n' .. node .. '\n' .. member .. '\n' .. ARGV[4])
if came_online == 1 then
  redis.call('PUBLISH', ARGV[11], notice(member, 'online', node, now, ARGV[14]))
elseif is_new == 0 then
  redis.call('PUBLISH', ARGV[12], notice(member, ARGV[13], node, now, ARGV[14]))
end
return {first, users, redis.call('SCARD', KEYS[2]), came_online}
