-- SPDX-FileCopyrightText: 2026 The Rollcall contributors
-- SPDX-License-Identifier: MIT
-- GRACE: the grace of a seat began, or was cancelled. Only of a seat that is written: a hash that LEAVE, REAP or SWEEP
-- has deleted would come back without a life, and JOIN writes what is true then. Repeating it changes nothing. Publishes
-- nothing: the others see the user as before.
--
-- KEYS  1 presence:<member>    HASH    the user
-- ARGV  1 node   2 room   3 what the seat's field says
-- Returns 1: written
local wrong = wrong_type({'hash'})
if wrong then return wrong end

local field = seat_field(ARGV[1], ARGV[2])
if redis.call('HEXISTS', KEYS[1], field) == 0 then return 0 end
redis.call('HSET', KEYS[1], field, ARGV[3])
return 1
