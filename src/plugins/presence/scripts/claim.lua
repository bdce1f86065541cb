-- SPDX-FileCopyrightText: 2026 The Rollcall contributors
-- SPDX-License-Identifier: MIT
-- CLAIM: a node holds several users in a room. Of what JOIN does, this is what the room's sets say. It comes before what
-- each user has of their own (JSON, hashes, deadlines, presence:online) is written with plain commands, so that REAP
-- finds them whatever becomes of that. Repeating it changes nothing.
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
-- ARGV  1 node   2 room   3 lease (ms)   4.. members
-- Returns {distinct users}
local wrong = wrong_type({'set', 'set', 'set', 'zset', 'zset', 'zset', 'zset', 'set', 'zset'})
if wrong then return wrong end

local node, room = ARGV[1], ARGV[2]
redis.call('SADD', KEYS[1], unpack(ARGV, 4))
redis.call('SADD', KEYS[2], node)
redis.call('SADD', KEYS[8], room)
redis.call('SADD', KEYS[3], unpack(ARGV, 4))
if redis.call('EXISTS', KEYS[5]) == 1 then redis.call('ZREM', KEYS[5], unpack(ARGV, 4)) end
-- A node whose lease was reaped must be found again should it die before it has renewed the lease.
redis.call('ZADD', KEYS[9], 'NX', now_ms() + ARGV[3], node)
return {set_occupancy(KEYS[3], KEYS[4], room)}
