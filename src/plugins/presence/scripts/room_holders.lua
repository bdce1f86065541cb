-- SPDX-FileCopyrightText: 2026 The Rollcall contributors
-- SPDX-License-Identifier: MIT
-- ROOM_HOLDERS: how many users each node holds in a room, for a node that holds none of them. Changes nothing.
--
-- KEYS  1 room:<r>:nodes       SET     nodes that hold members
-- ARGV  1 "room:<r>:node:"
-- Returns {node, users, node, ...}
local wrong = wrong_type({'set'})
if wrong then return wrong end

local result = {}
for _, node in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  result[#result + 1] = node
  result[#result + 1] = redis.call('SCARD', ARGV[1] .. node)
end
return result
