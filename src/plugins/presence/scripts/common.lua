-- SPDX-FileCopyrightText: 2026 The Rollcall contributors
-- SPDX-License-Identifier: MIT
-- Put before each of the other scripts.

-- A key of somebody else's making must not be destroyed, and the log must say which it is.
local function wrong_type(types)
  for i, wanted in pairs(types) do
    local found = redis.call('TYPE', KEYS[i]).ok
    if found ~= 'none' and found ~= wanted then
      return redis.error_reply('WRONGTYPE ' .. KEYS[i] .. ' is a ' .. found .. ', not a ' .. wanted)
    end
  end
end

-- What a body's command was refused with. That of a wrong type does not name the key.
local function refusal(failure, types)
  return wrong_type(types) or (type(failure) == 'table' and failure) or redis.error_reply(failure)
end

local function now_ms()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- The <u> of room:<r>:user:<u> for a member name.
local function key_part(member)
  if string.sub(member, 1, 5) == 'user:' then return string.sub(member, 6) end
  return member
end

-- The user id of a member name, as on the wire.
local function user_id(member)
  local part = key_part(member)
  if not string.find(part, '%', 1, true) then return part end
  return (string.gsub(part, '%%(%x%x)', function(hex)
    return string.char(tonumber(hex, 16))
  end))
end

local function is_hash(key)
  local found = redis.call('TYPE', key).ok
  return found == 'hash' or found == 'none'
end

-- What the others see of a member whose node writes no JSON (presence.profile = lean).
local function shown(user_key)
  if not is_hash(user_key) then return '' end
  local fields = redis.call('HMGET', user_key, 'username', 'avatar', 'deviceType', 'state')
  return cjson.encode({username = fields[1] or nil, avatar = fields[2] or nil, deviceType = fields[3] or nil,
                       state = fields[4] or nil})
end

-- The user's hash has one field for each room and node that holds them there, written and deleted with the sets. It
-- says since when (ms), and while no connection of theirs is left there " grace " and until when they are kept (ms).
local function seat_field(node, room)
  return 'at:' .. node .. ':' .. room
end

-- Is the user held by any node, anywhere?
local function is_held(user_key)
  for _, field in ipairs(redis.call('HKEYS', user_key)) do
    if string.sub(field, 1, 3) == 'at:' then return true end
  end
  return false
end

local function notice(member, status, node, now, device)
  -- Not a table: it costs a third of a JOIN.
  local text = cjson.encode
  return '{"userId":' .. text(user_id(member)) .. ',"status":"' .. status .. '","timestamp":' .. now .. ',"lastSeen":'
      .. now .. ',"deviceId":' .. text(device or '') .. ',"node":' .. text(node) .. '}'
end

local function set_occupancy(page, occupancy, room)
  local users = redis.call('SCARD', page)
  if users == 0 then
    redis.call('ZREM', occupancy, room)
  else
    redis.call('ZADD', occupancy, users, room)
  end
  return users
end

-- Nobody holds the user any more. Without a key it is not ours. Returns 1 if that is news.
local function go_offline(member, user_key, meta_key, online, deadlines, meta_life, channel, node, now)
  if user_key then redis.call('DEL', user_key) end
  redis.call('ZREM', deadlines, member)
  local seen = redis.call('ZSCORE', online, member)
  local was_online = redis.call('ZREM', online, member)
  local is_ours = is_hash(meta_key)
  local status, device = '', ''
  if is_ours then
    local meta = redis.call('HMGET', meta_key, 'status', 'deviceId')
    status, device = meta[1] or 'offline', meta[2] or ''
  end
  if was_online == 0 and status == 'offline' then
    -- Says so already.
  elseif is_ours and meta_life > 0 then
    redis.call('HSET', meta_key, 'status', 'offline', 'lastSeen', math.floor((tonumber(seen) or now / 1000) * 1000))
    redis.call('HDEL', meta_key, 'node')
    redis.call('EXPIRE', meta_key, meta_life)
  elseif is_ours then
    redis.call('DEL', meta_key)
  end
  if was_online == 0 then return 0 end
  redis.call('PUBLISH', channel, notice(member, 'offline', node, now, device))
  return 1
end
