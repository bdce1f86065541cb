// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import { element, setText } from './dom.js';
import { makeMark } from './figure.js';
import { errorWords } from './words.js';

const kMaxText = 240;
const kMostLines = 200;
const kReceiptMs = 4000;

/** The conversation of a room: what was said, who came and went, and the field to say something. */
export class Chat {
    #client;
    #log;
    #form;
    #input;
    #counter;
    #pending = [];
    #last = null;

    /** @param {{log: HTMLElement, form: HTMLFormElement, input: HTMLInputElement, counter: HTMLElement}} nodes */
    constructor(client, { log, form, input, counter }, onProblem) {
        this.#client = client;
        this.#log = log;
        this.#form = form;
        this.#input = input;
        this.#counter = counter;
        form.onsubmit = (event) => {
            event.preventDefault();
            this.#send(onProblem);
        };
        input.oninput = () => this.#count();
        this.#count();
    }

    clear() {
        this.#log.replaceChildren();
        this.#pending = [];
        this.#last = null;
    }

    /** Something that happened, as one line. */
    note(text) {
        this.#last = null;
        this.#append(element('li', { class: 'note', text }));
    }

    received({ userId, text }) {
        const own = userId === this.#client.user.userId;
        const waiting = own ? this.#pending.findIndex((line) => line.text === text) : -1;
        if (waiting >= 0) {
            const [{ node, timer }] = this.#pending.splice(waiting, 1);
            clearTimeout(timer);
            node.removeAttribute('data-pending');
            return;
        }
        this.#line(userId, text, own);
    }

    #send(onProblem) {
        const text = this.#input.value.trim();
        if (text === '') {
            return;
        }
        try {
            this.#client.sendChat(text);
        } catch (error) {
            onProblem(error.code === 'out_of_range' ? error.message : errorWords(error));
            return;
        }
        this.#input.value = '';
        this.#count();
        const node = this.#line(this.#client.user.userId, text, true);
        node.setAttribute('data-pending', '');
        const entry = { text, node, timer: setTimeout(() => this.#undelivered(entry), kReceiptMs) };
        this.#pending.push(entry);
    }

    #undelivered(entry) {
        this.#pending = this.#pending.filter((line) => line !== entry);
        entry.node.append(element('span', { class: 'undelivered', text: 'Not delivered' }));
    }

    #line(userId, text, own) {
        const member = this.#client.members.get(userId) ?? { userId, displayName: own ? this.#client.user.displayName : 'Somebody' };
        const isContinued = this.#last === userId;
        this.#last = userId;
        const who = element('span', { class: isContinued ? 'who unseen' : 'who', text: member.displayName });
        const node = element('li', { class: 'line', 'data-own': own, 'data-continued': isContinued },
                             isContinued ? null : makeMark(member), who, element('span', { class: 'said', text }));
        this.#append(node);
        return node;
    }

    #append(node) {
        const log = this.#log;
        const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
        log.append(node);
        while (log.childElementCount > kMostLines) {
            log.firstElementChild.remove();
        }
        if (isAtEnd) {
            log.scrollTop = log.scrollHeight;
        }
    }

    #count() {
        const left = kMaxText - [...this.#input.value].length;
        setText(this.#counter, left < 60 ? (left >= 0 ? left + ' left' : -left + ' too many') : '');
        this.#input.setAttribute('aria-invalid', String(left < 0));
        this.#form.toggleAttribute('data-too-long', left < 0);
    }
}
