-- SPDX-FileCopyrightText: 2026 The Rollcall contributors
-- SPDX-License-Identifier: MIT
-- Holds a seat for a user, if the room has one: distinct users among its members and unexpired
-- reservations stay within the capacity. Who is already counted needs no new seat.
--
-- KEYS[1]  presence:page:<room>   SET of member names
-- KEYS[2]  room:<room>:reserved   ZSET member name -> expiry, ms since the epoch
-- ARGV[1]  member name
-- ARGV[2]  capacity, > 0
-- ARGV[3]  now, ms since the epoch by Redis' clock
-- ARGV[4]  how long the seat is held, ms
-- ARGV[5]  channel that tells all nodes about seats
-- ARGV[6]  message for it
-- Returns  {outcome, users counted}; outcome: 0 full, 1 held, 2 already a member
local member, capacity = ARGV[1], tonumber(ARGV[2])
local now, duration = tonumber(ARGV[3]), tonumber(ARGV[4])

redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
local users = redis.call('SCARD', KEYS[1])
local reserved = redis.call('ZCARD', KEYS[2])
if redis.call('SISMEMBER', KEYS[1], member) == 1 then
    return {2, users + reserved}
end

local isHeld = redis.call('ZSCORE', KEYS[2], member)
if not isHeld and users + reserved >= capacity then
    -- Who came in without giving up the reservation is in both, and must count once.
    for _, name in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
        if redis.call('SISMEMBER', KEYS[1], name) == 1 then
            reserved = reserved - redis.call('ZREM', KEYS[2], name)
        end
    end
    if users + reserved >= capacity then
        return {0, users + reserved}
    end
end

redis.call('ZADD', KEYS[2], now + duration, member)
if redis.call('PTTL', KEYS[2]) < duration then
    redis.call('PEXPIRE', KEYS[2], duration)
end
redis.call('PUBLISH', ARGV[5], ARGV[6])
return {1, users + reserved + (isHeld and 0 or 1)}
