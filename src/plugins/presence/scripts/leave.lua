-- SPDX-FileCopyrightText: 2026 The Rollcall contributors
-- SPDX-License-Identifier: MIT
-- LEAVE: a node does not hold a user in a room any more. Repeating it changes nothing.
--
-- KEYS  1 room:<r>:node:<n>    SET     members that the node holds
--       2 room:<r>:nodes       SET     nodes that hold members
--       3 room:<r>:user:<u>    STRING  the member as JSON
--       4 presence:page:<r>    SET     members of the room
--       5 rooms:occupancy      ZSET    room -> distinct users
--       6 presence:<member>    HASH    the user
--       7 presence:meta:<u>    HASH
--       8 presence:online      ZSET    member -> last heartbeat (s)
--       9 presence:deadlines   ZSET    member -> deadline (ms)
--      10 presence:node:<n>:rooms  SET  rooms in which the node holds members
-- ARGV  1 member   2 node   3 room   4 reason   5 "room:<r>:node:"   6 channel of the room
--       7 presence:offline (channel)   8 life of the meta hash of an offline user (s; 0: none)
-- Returns {1: no node holds the user in the room any more, distinct users, 1: went offline}
local member, node, room = ARGV[1], ARGV[2], ARGV[3]
local last, users, went_offline = 0, 0, 0

-- Redis refuses what would destroy a key of somebody else's: the types are asked for only then.
local is_written, failure = pcall(function()
  local was_held = redis.call('SREM', KEYS[1], member)
  if redis.call('EXISTS', KEYS[1]) == 0 then
    redis.call('SREM', KEYS[2], node)
    redis.call('SREM', KEYS[10], room)
  end
  local is_elsewhere = false
  for _, other in ipairs(redis.call('SMEMBERS', KEYS[2])) do
    if other ~= node and redis.call('SISMEMBER', ARGV[5] .. other, member) == 1 then
      is_elsewhere = true
      break
    end
  end
  if not is_elsewhere then
    last = redis.call('SREM', KEYS[4], member)
    if redis.call('TYPE', KEYS[3]).ok == 'string' then redis.call('DEL', KEYS[3]) end
  end
  users = set_occupancy(KEYS[4], KEYS[5], room)
  -- Also of a seat that was reaped: what is written of the member may still be of this node.
  if was_held == 1 or is_elsewhere then
    redis.call('PUBLISH', ARGV[6], 'leave\n' .. node .. '\n' .. member .. '\n' .. ARGV[4])
  end

  -- Of the user's own keys, those that are not ours say nothing about them.
  local is_ours = type(redis.pcall('HDEL', KEYS[6], seat_field(node, room))) == 'number'
  if not is_ours or not is_held(KEYS[6]) then
    went_offline = go_offline(member, is_ours and KEYS[6], KEYS[7], KEYS[8], KEYS[9], tonumber(ARGV[8]), ARGV[7], node,
                              now_ms())
  end
end)
if not is_written then
  return refusal(failure, {'set', 'set', nil, 'set', 'zset', nil, nil, 'zset', 'zset', 'set'})
end
return {last, users, went_offline}
