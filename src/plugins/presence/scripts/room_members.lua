-- SPDX-FileCopyrightText: 2026 The Rollcall contributors
-- SPDX-License-Identifier: MIT
-- ROOM_MEMBERS: the members of a room, for a node that holds none of them. Changes nothing.
--
-- KEYS  1 presence:page:<r>    SET     members of the room
-- ARGV  1 "room:<r>:user:"   2 "presence:"
-- Returns {member, JSON or "", member, ...}
local wrong = wrong_type({'set'})
if wrong then return wrong end

local result = {}
for _, member in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  result[#result + 1] = member
  result[#result + 1] = redis.call('GET', ARGV[1] .. key_part(member)) or shown(ARGV[2] .. member)
end
return result
