-- SPDX-FileCopyrightText: 2026 The Rollcall contributors
-- SPDX-License-Identifier: MIT
-- RESTORE: a node holds several users in a room. Of what JOIN does, this is what they share. It is called twice: "claim"
-- before what each has of their own (JSON, hashes, deadlines) is written with plain commands, so that REAP finds them
-- whatever becomes of that; "confirm" after it, because REAP may have found them. Repeating it changes nothing.
--
-- KEYS  1 room:<r>:node:<n>    SET     members that the node holds
--       2 room:<r>:nodes       SET     nodes that hold members
--       3 presence:page:<r>    SET     members of the room
--       4 rooms:occupancy      ZSET    room -> distinct users
--       5 room:<r>:reserved    ZSET    reserved seats
--       6 presence:online      ZSET    member -> last heartbeat (s)
--       7 presence:deadlines   ZSET    member -> deadline (ms)
--       8 presence:node:<n>:rooms  SET  rooms in which the node holds members
--       9 presence:nodes       ZSET    node -> end of its lease (ms)
-- ARGV  1 node   2 room   3 lease (ms)   4 claim, confirm   5 presence:online (channel)
--       6 so many of the members are to be announced when it is confirmed, if they are not online yet
--       7.. last heartbeat (s) and member in turns, those to be announced first; then the deviceId of each of these
-- Returns {distinct users}
local wrong = wrong_type({'set', 'set', 'set', 'zset', 'zset', 'zset', 'zset', 'set', 'zset'})
if wrong then return wrong end

local node, room = ARGV[1], ARGV[2]
local now = now_ms()
local members = {}
local announced = tonumber(ARGV[6])
local last = #ARGV - announced
for i = 8, last, 2 do members[#members + 1] = ARGV[i] end

redis.call('SADD', KEYS[1], unpack(members))
redis.call('SADD', KEYS[2], node)
redis.call('SADD', KEYS[8], room)
redis.call('SADD', KEYS[3], unpack(members))
if redis.call('EXISTS', KEYS[5]) == 1 then redis.call('ZREM', KEYS[5], unpack(members)) end
local users = set_occupancy(KEYS[3], KEYS[4], room)
-- A node whose lease was reaped must be found again should it die before it has renewed the lease.
redis.call('ZADD', KEYS[9], 'NX', now + ARGV[3], node)

-- Who leaves before it is confirmed was never announced.
if ARGV[4] == 'claim' then return {users} end

-- This node hears what it publishes, and has no use for it: it asks who is online once all is written.
local has_listeners = redis.call('PUBSUB', 'NUMPAT') > 0 or tonumber(redis.call('PUBSUB', 'NUMSUB', ARGV[5])[2]) > 1
local seen = announced > 0 and has_listeners and redis.call('ZMSCORE', KEYS[6], unpack(members, 1, announced)) or {}
redis.call('ZADD', KEYS[6], 'GT', unpack(ARGV, 7, last))
for i, score in ipairs(seen) do
  if not score then redis.call('PUBLISH', ARGV[5], notice(members[i], 'online', node, now, ARGV[last + i])) end
end
return {users}
