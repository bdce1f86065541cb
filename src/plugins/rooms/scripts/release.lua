-- Gives a held seat back.
--
-- KEYS[1]  room:<room>:reserved   ZSET member name -> expiry
-- ARGV[1]  member name
-- ARGV[2]  channel that tells all nodes about seats
-- ARGV[3]  message for it
-- Returns  1 if a seat was held, else 0
local released = redis.call('ZREM', KEYS[1], ARGV[1])
if released == 1 then
    redis.call('PUBLISH', ARGV[2], ARGV[3])
end
return released
