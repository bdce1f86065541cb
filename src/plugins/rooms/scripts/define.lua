-- SPDX-FileCopyrightText: 2026 The Rollcall contributors
-- SPDX-License-Identifier: MIT
-- Writes rooms of a node's configuration into the directory, without touching what operators made.
--
-- KEYS[1]    rooms:directory   HASH room id -> JSON
-- ARGV[..]   pairs: room id, JSON with "source":"configuration"; an empty text removes the room
-- Returns    how many fields were changed
local changed = 0
for i = 1, #ARGV, 2 do
    local current = redis.call('HGET', KEYS[1], ARGV[i])
    local isOurs = not current
    if current then
        local isJson, room = pcall(cjson.decode, current)
        isOurs = isJson and type(room) == 'table' and room.source == 'configuration'
    end
    if isOurs and ARGV[i + 1] == '' then
        changed = changed + redis.call('HDEL', KEYS[1], ARGV[i])
    elseif isOurs and current ~= ARGV[i + 1] then
        redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
        changed = changed + 1
    end
end
return changed
