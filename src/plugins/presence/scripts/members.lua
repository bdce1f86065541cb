-- SPDX-FileCopyrightText: 2026 The Rollcall contributors
-- SPDX-License-Identifier: MIT
-- MEMBERS: what other nodes hold in a room. Publishes a mark on the room's channel: events before the mark are in the
-- answer, those after it are not.
--
-- KEYS  1 room:<r>:nodes       SET     nodes that hold members
-- ARGV  1 the asking node   2 "room:<r>:node:"   3 "room:<r>:user:"   4 channel of the room   5 the mark
--       6 "presence:"
-- Returns {node, member, JSON or "", node, member, ...}
local wrong = wrong_type({'set'})
if wrong then return wrong end

local held = {}
for _, node in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  if node ~= ARGV[1] then
    for _, member in ipairs(redis.call('SMEMBERS', ARGV[2] .. node)) do
      held[#held + 1] = node
      held[#held + 1] = member
      held[#held + 1] = redis.call('GET', ARGV[3] .. key_part(member)) or shown(ARGV[6] .. member)
    end
  end
end
redis.call('PUBLISH', ARGV[4], 'mark\n' .. ARGV[1] .. '\n' .. ARGV[5])
return held
