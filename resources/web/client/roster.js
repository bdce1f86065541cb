// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

/** Who is in the room, kept from the room's events: userId -> member as in `room_state`. */
export class Roster {
    /** @type {Map<string, object>} */
    members = new Map();

    apply(event, payload) {
        switch (event) {
        case 'room_state':
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

    clear() {
        this.members = new Map();
    }
}
