// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

/**
 * Who is in the room, kept from the room's events: userId -> member as in `room_state`. In very large rooms
 * (`mode` is `count`) the host tells how many there are, and the list is only ourselves.
 */
export class Roster {
    #self;
    #told = 0;

    /** @type {Map<string, object>} */
    members = new Map();
    /** full, delta or count: docs/protocol.md, large rooms. */
    mode = 'full';

    /** @param {() => string} self our own userId */
    constructor(self = () => '') {
        this.#self = self;
    }

    /** How many there are. */
    get occupancy() {
        return this.mode === 'count' ? this.#told : this.members.size;
    }

    apply(event, payload) {
        this.#told = payload.occupancy ?? this.#told;
        switch (event) {
        case 'room_state':
            this.mode = payload.mode ?? 'full';
            this.members = new Map((payload.members ?? []).map((member) => [member.userId, { ...member }]));
            break;
        case 'member_joined':
            if (payload.member) {
                this.members.set(payload.member.userId, { ...this.members.get(payload.member.userId), ...payload.member });
            }
            break;
        case 'member_left':
            this.members.delete(payload.userId);
            break;
        case 'presence_mode':
            this.mode = payload.mode;
            if (this.mode === 'count') {
                this.members = new Map([...this.members].filter(([userId]) => userId === this.#self()));
            }
            break;
        case 'member_updated':
        case 'avatar_transform_broadcast': {
            const member = this.members.get(payload.userId);
            if (member) {
                Object.assign(member, payload);
            }
            break;
        }
        default:
            break;
        }
    }

    /** The events of smaller rooms that say the same as a `presence_delta`. */
    takeApart({ roomId, joined = [], left = [], updated = [] }) {
        const isKnown = ({ userId }) => this.members.has(userId);
        return [
            ...[...joined, ...updated].map((member) => (isKnown(member)
                ? ['member_updated', { roomId, ...member }]
                : ['member_joined', { roomId, member }])),
            ...left.filter(isKnown).map((member) => ['member_left', { roomId, ...member }]),
        ];
    }

    clear() {
        this.members = new Map();
        this.mode = 'full';
    }
}
