-- SPDX-FileCopyrightText: 2026 The Rollcall contributors
-- SPDX-License-Identifier: MIT
-- INSPECT_ROOM: who is in a room by any of its keys. Changes nothing.
--
-- KEYS  1 presence:page:<r>    SET     members of the room
--       2 room:<r>:nodes       SET     nodes that hold members
--       3 rooms:occupancy      ZSET    room -> distinct users
--       4 presence:nodes       ZSET    node -> end of its lease (ms)
-- ARGV  1 room   2 "room:<r>:node:"   3 members at most
-- Returns {now (ms), members counted, rooms:occupancy or "", {listed node, ...}, {member, ...}, 1: there are more}
local wrong = wrong_type({'set', 'set', 'zset', 'zset'})
if wrong then return wrong end

local members, seen, limit, more = {}, {}, tonumber(ARGV[3]), 0
local function add_all(key)
  if redis.call('TYPE', key).ok ~= 'set' then return end
  for _, member in ipairs(redis.call('SMEMBERS', key)) do
    if not seen[member] then
      seen[member] = true
      if #members < limit then members[#members + 1] = member else more = 1 end
    end
  end
end
local listed = redis.call('SMEMBERS', KEYS[2])
for _, node in ipairs(listed) do add_all(ARGV[2] .. node) end
for _, node in ipairs(redis.call('ZRANGE', KEYS[4], 0, -1)) do add_all(ARGV[2] .. node) end
add_all(KEYS[1])
return {now_ms(), redis.call('SCARD', KEYS[1]), redis.call('ZSCORE', KEYS[3], ARGV[1]) or '', listed, members, more}
