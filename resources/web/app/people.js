// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import { element, setText } from './dom.js';
import { makeMark } from './figure.js';
import { activityWords } from './words.js';

const kRefreshMs = 400;

/** The member list: everybody in the room, ourselves first, with what they are doing in words. */
export class People {
    #client;
    #list;
    #count;
    #rows = new Map();
    #timer;

    constructor(client, { list, count }) {
        this.#client = client;
        this.#list = list;
        this.#count = count;
    }

    start() {
        this.#timer = setInterval(() => this.refresh(), kRefreshMs);
        this.refresh();
    }

    stop() {
        clearInterval(this.#timer);
        this.#rows.clear();
        this.#list.replaceChildren();
    }

    refresh() {
        const { members, user } = this.#client;
        for (const [userId, row] of this.#rows) {
            if (!members.has(userId)) {
                row.node.remove();
                this.#rows.delete(userId);
            }
        }
        for (const member of members.values()) {
            const row = this.#rows.get(member.userId) ?? this.#add(member, member.userId === user.userId);
            setText(row.name, member.displayName);
            setText(row.activity, activityWords(member));
        }
        setText(this.#count, String(this.#client.occupancy));
    }

    #add(member, isSelf) {
        const row = { name: element('span', { class: 'who' }), activity: element('span', { class: 'activity' }) };
        row.node = element('li', { 'data-user': member.userId }, makeMark(member), row.name,
                           isSelf ? element('span', { class: 'tag', text: 'you' }) : null, row.activity);
        if (isSelf) {
            this.#list.prepend(row.node);
        } else {
            this.#list.append(row.node);
        }
        this.#rows.set(member.userId, row);
        return row;
    }
}
