-- SPDX-FileCopyrightText: 2026 The Rollcall contributors
-- SPDX-License-Identifier: MIT
-- INSPECT: everything that is known of a user, and of them in some rooms, at one moment. Changes nothing.
--
-- KEYS  1 presence:<member>    HASH    the user
--       2 presence:meta:<u>    HASH
--       3 presence:online      ZSET    member -> last heartbeat (s)
--       4 presence:deadlines   ZSET    member -> deadline (ms)
--       5 presence:nodes       ZSET    node -> end of its lease (ms)
-- ARGV  1 member   2 "presence:node:"   then five for each room:
--         room   presence:page:<r>   room:<r>:nodes   "room:<r>:node:"   room:<r>:user:<u>
-- Returns {now (ms), {field, value, ...} of the user, life of the key (ms; -1: endless, -2: none),
--          {field, value, ...} of the meta hash, last heartbeat or "", deadline or "",
--          {node, rest of its lease (ms), state or "", ...} of every node,
--          for each room where there is anything of the user:
--            {room, 1: counted, JSON or "", {node, 1: in its set, 1: listed, its field or "", ...}}}
local wrong = wrong_type({'hash', 'hash', 'zset', 'zset', 'zset'})
if wrong then return wrong end

local member, now = ARGV[1], now_ms()
local hash = redis.call('HGETALL', KEYS[1])
local fields = {}
for i = 1, #hash, 2 do fields[hash[i]] = hash[i + 1] end

local known, nodes, lives = {}, {}, redis.call('ZRANGE', KEYS[5], 0, -1, 'WITHSCORES')
for i = 1, #lives, 2 do
  known[#known + 1] = lives[i]
  nodes[#nodes + 1] = lives[i]
  nodes[#nodes + 1] = lives[i + 1] - now
  nodes[#nodes + 1] = redis.call('HGET', ARGV[2] .. lives[i], 'state') or ''
end

local function type_of(key) return redis.call('TYPE', key).ok end

local function seat(room, page, listed_key, prefix, json_key)
  local listed, candidates, seen = {}, {}, {}
  local function add(node)
    if not seen[node] then
      seen[node] = true
      candidates[#candidates + 1] = node
    end
  end
  if type_of(listed_key) == 'set' then
    for _, node in ipairs(redis.call('SMEMBERS', listed_key)) do
      listed[node] = true
      add(node)
    end
  end
  for _, node in ipairs(known) do add(node) end
  for field in pairs(fields) do
    -- Neither a node's name nor anything else of the field but the room may hold the room's name behind a colon.
    if string.sub(field, 1, 3) == 'at:' and string.sub(field, -#room - 1) == ':' .. room then
      local node = string.sub(field, 4, -#room - 2)
      if not string.find(node, ':', 1, true) then add(node) end
    end
  end
  local holdings = {}
  for _, node in ipairs(candidates) do
    local key = prefix .. node
    local is_in_set = type_of(key) == 'set' and redis.call('SISMEMBER', key, member) or 0
    local field = fields[seat_field(node, room)]
    if is_in_set == 1 or field then
      holdings[#holdings + 1] = node
      holdings[#holdings + 1] = is_in_set
      holdings[#holdings + 1] = listed[node] and 1 or 0
      holdings[#holdings + 1] = field or ''
    end
  end
  local is_counted = type_of(page) == 'set' and redis.call('SISMEMBER', page, member) or 0
  local json = type_of(json_key) == 'string' and redis.call('GET', json_key) or ''
  -- The lean profile writes the details there, and "state" only then.
  if json == '' and #holdings > 0 and fields.state then json = shown(KEYS[1]) end
  if is_counted == 0 and json == '' and #holdings == 0 then return nil end
  return {room, is_counted, json, holdings}
end

local result = {now, hash, redis.call('PTTL', KEYS[1]), redis.call('HGETALL', KEYS[2]),
                redis.call('ZSCORE', KEYS[3], member) or '', redis.call('ZSCORE', KEYS[4], member) or '', nodes}
for i = 3, #ARGV, 5 do
  result[#result + 1] = seat(ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4])
end
return result
