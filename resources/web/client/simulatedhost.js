// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import { RollcallError } from './errors.js';
import { SimulatedBot } from './simulatedbot.js';

const kNames = [
    'Mira', 'Jonas', 'Aiko', 'Zuri', 'Noor', 'Elif', 'Kofi', 'Leila', 'Tomas', 'Ines', 'Ravi', 'Sanna', 'Bruno', 'Yuki',
    'Amara', 'Felix', 'Dalia', 'Oskar', 'Priya', 'Hugo', 'Selma', 'Mateo', 'Freya', 'Idris', 'Nadia', 'Pavel', 'Lucia',
    'Emre', 'Greta', 'Malik', 'Vera', 'Arlo', 'Tessa', 'Kenji', 'Maren', 'Iris',
];
const kMovesBetweenRoomsMs = 5000;

export const simulatedRooms = [
    { id: 'lobby', name: 'Lobby', theme: 'plaza', region: 'eu', capacity: 32, bots: 7 },
    { id: 'garden', name: 'Garden', theme: 'garden', region: 'eu', capacity: 24, bots: 5 },
    { id: 'arcade', name: 'Arcade', theme: 'arcade', region: 'us', capacity: 16, bots: 9 },
    { id: 'library', name: 'Library', theme: 'quiet', region: 'us', capacity: 12, bots: 2 },
    { id: 'rooftop', name: 'Rooftop', theme: 'skyline', region: 'us', capacity: 20, bots: 3 },
    { id: 'studio', name: 'Studio', theme: 'studio', region: 'ap', capacity: 4, bots: 4 },
];

/** Rooms full of bots in this window's memory; the one visitor is whoever runs it. */
export class SimulatedHost {
    #random;
    #rooms = new Map();
    #visitor = null;
    #nextMoveMs = 0;
    #changedMs = 0;
    #messages = 0;

    constructor({ random = Math.random, rooms = simulatedRooms } = {}, nowMs = 0) {
        this.#random = random;
        let next = 0;
        for (const { bots, ...room } of rooms) {
            const people = Array.from({ length: bots }, () => {
                const name = kNames[next % kNames.length];
                next += 1;
                return new SimulatedBot('bot-' + next, name, random);
            });
            this.#rooms.set(room.id, { isPrivate: false, ...room, bots: people });
        }
        this.#changedMs = nowMs;
        this.#nextMoveMs = nowMs + kMovesBetweenRoomsMs;
    }

    /** As GET /rooms. */
    list({ region, theme } = {}) {
        const rooms = [...this.#rooms.values()]
            .filter((room) => (!region || room.region === region) && (!theme || room.theme === theme))
            .map(({ bots, ...room }) => {
                const count = this.#occupancy(room.id);
                return { ...room, estimatedOccupancy: count, connections: count, reserved: 0, full: count >= room.capacity };
            });
        return { rooms, nextCursor: null, stale: false, asOfMs: this.#changedMs, unchanged: false, ageMs: 0 };
    }

    /** As POST /rooms/join: the room's id, or a RollcallError. */
    seat(roomId, region) {
        if (roomId === undefined || roomId === null) {
            return this.#hottest(region) ?? this.#hottest() ?? refuse('no_room', 'No room has a free seat', 503, 5000);
        }
        const room = this.#rooms.get(roomId) ?? refuse('room_not_found', 'There is no such room', 404);
        if (this.#occupancy(roomId) >= room.capacity && this.#visitor?.roomId !== roomId) {
            refuse('room_full', 'The room is full', 409);
        }
        return roomId;
    }

    /** The visitor enters; `send(event, payload)` gets the room's events. Returns the members, visitor included. */
    enter(roomId, member, send, nowMs) {
        this.#visitor = { roomId, member, send };
        this.#changedMs = nowMs;
        return [...this.#rooms.get(roomId).bots.map((bot) => ({ ...bot.member })), { ...member }];
    }

    exit(nowMs) {
        this.#visitor = null;
        this.#changedMs = nowMs;
    }

    /** Lets `stepMs` pass. */
    tick(nowMs, stepMs) {
        for (const room of this.#rooms.values()) {
            for (const bot of room.bots) {
                const { moved, says } = bot.tick(nowMs, stepMs);
                if (moved) {
                    this.#tell(room.id, 'avatar_transform_broadcast', bot.transform());
                }
                if (says && this.#visitor?.roomId === room.id) {
                    this.chat(bot.member.userId, says);
                }
            }
        }
        if (nowMs >= this.#nextMoveMs) {
            this.#nextMoveMs = nowMs + kMovesBetweenRoomsMs * (0.5 + this.#random());
            this.#moveSomeone(nowMs);
        }
    }

    chat(userId, text) {
        this.#messages += 1;
        this.#tell(this.#visitor?.roomId, 'chat_broadcast', { userId, text, messageId: 'sim-' + this.#messages });
    }

    /** Some bot of the visitor's room answers a greeting. */
    reply(name) {
        const bots = this.#rooms.get(this.#visitor?.roomId)?.bots ?? [];
        const bot = bots[Math.floor(this.#random() * bots.length)];
        if (bot) {
            this.chat(bot.member.userId, bot.greet(name));
        }
    }

    #occupancy(roomId) {
        return this.#rooms.get(roomId).bots.length + (this.#visitor?.roomId === roomId ? 1 : 0);
    }

    #hottest(region) {
        const open = this.list({ region }).rooms.filter((room) => !room.full && !room.isPrivate);
        open.sort((a, b) => b.estimatedOccupancy - a.estimatedOccupancy || b.capacity - a.capacity);
        return open[0]?.id;
    }

    #moveSomeone(nowMs) {
        const rooms = [...this.#rooms.values()];
        const from = rooms[Math.floor(this.#random() * rooms.length)];
        const to = rooms[Math.floor(this.#random() * rooms.length)];
        if (from === to || from.bots.length < 2 || this.#occupancy(to.id) >= to.capacity) {
            return;
        }
        const [bot] = from.bots.splice(Math.floor(this.#random() * from.bots.length), 1);
        to.bots.push(bot);
        this.#changedMs = nowMs;
        this.#tell(from.id, 'member_left', { userId: bot.member.userId, reason: 'left' });
        this.#tell(to.id, 'member_joined', { member: { ...bot.member } });
    }

    #tell(roomId, event, payload) {
        if (this.#visitor && this.#visitor.roomId === roomId) {
            this.#visitor.send(event, payload);
        }
    }
}

function refuse(code, message, status, retryAfterMs = 0) {
    throw new RollcallError(code, message, { status, retryAfterMs });
}
