// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import { Chat } from './chat.js';
import { icon } from './dom.js';
import { hash } from './look.js';
import { People } from './people.js';
import { Stage } from './stage.js';
import { Walker } from './walker.js';
import { leaveWords } from './words.js';

const kEmoteWords = { heart: 'a heart', star: 'a star', thumb: 'a thumbs up' };

/** The inside of a room: the floor, who is on it, and the conversation. */
export class RoomView {
    #client;
    #nodes;
    #chat;
    #people;
    #stage = null;
    #walker = null;
    #stops = [];

    /** @param {Record<string, HTMLElement>} nodes of the page, by what they are */
    constructor(client, nodes, onProblem) {
        this.#client = client;
        this.#nodes = nodes;
        this.#chat = new Chat(client, nodes, onProblem);
        this.#people = new People(client, nodes);
        this.#listenToKeys();
        this.#listenToPointer();
        this.#listenToTools(onProblem);
    }

    get isShown() {
        return this.#stage !== null;
    }

    /** Shows the room that the client has just entered. */
    show(room, state) {
        this.hide();
        const { user } = this.#client;
        const self = state.members.find((member) => member.userId === user.userId);
        const hasPlace = self && (self.x !== 0 || self.z !== 0);
        this.#walker = new Walker(hasPlace ? self : spawnPlace(user.userId), {
            onChange: (transform) => {
                this.#client.sendTransform(transform);
                this.#stage?.move(user.userId, transform);
            },
            onTarget: (place) => this.#stage?.showTarget(place),
        });
        this.#stage = new Stage(this.#nodes.stage, room, user.userId,
                                (nowMs, stepMs) => this.#walker.step(nowMs, stepMs));
        this.#stage.setMembers(this.#client.members);
        this.#chat.clear();
        this.#chat.note('You joined ' + (room.name || room.id) + '.');
        this.#people.start();
        this.#follow();
        this.#showTools();
    }

    hide() {
        this.#stops.forEach((stop) => stop());
        this.#stops = [];
        this.#stage?.destroy();
        this.#stage = null;
        this.#walker = null;
        this.#people.stop();
    }

    #follow() {
        const client = this.#client;
        const nameOf = (userId) => client.members.get(userId)?.displayName ?? 'Somebody';
        const names = new Map([...client.members].map(([userId, { displayName }]) => [userId, displayName]));
        const showAll = () => {
            this.#stage.setMembers(client.members);
            this.#people.refresh();
        };
        this.#stops = [
            client.on('room_state', showAll),
            client.on('presence_mode', showAll),
            client.on('member_joined', ({ member }) => {
                const isNew = !this.#stage.avatar(member.userId);
                names.set(member.userId, member.displayName);
                this.#stage.add(client.members.get(member.userId));
                this.#people.refresh();
                if (isNew && member.userId !== client.user.userId) {
                    this.#chat.note(member.displayName + ' joined');
                }
            }),
            client.on('member_left', ({ userId, reason }) => {
                this.#stage.remove(userId);
                this.#people.refresh();
                this.#chat.note(leaveWords(names.get(userId) ?? 'Somebody', reason));
            }),
            client.on('member_updated', ({ userId }) => {
                const member = client.members.get(userId);
                if (member) {
                    this.#stage.avatar(userId)?.update(member);
                }
            }),
            client.on('avatar_transform_broadcast', (transform) => this.#stage.move(transform.userId, transform)),
            client.on('chat_broadcast', (message) => {
                this.#chat.received(message);
                this.#stage.avatar(message.userId)?.says(message.text);
            }),
            client.on('emote_broadcast', ({ userId, emoteId }) => {
                this.#stage.avatar(userId)?.emotes(emoteId);
                this.#chat.note(nameOf(userId) + ' sent ' + (kEmoteWords[emoteId] ?? 'a reaction'));
            }),
        ];
    }

    #listenToKeys() {
        document.addEventListener('keydown', (event) => {
            const isFree = event.target === document.body || event.target === this.#nodes.stage;
            if (!this.#walker || event.ctrlKey || event.altKey || event.metaKey) {
                return;
            }
            if (event.key === 'Escape' && event.target === this.#nodes.input) {
                this.#nodes.stage.focus();
            } else if (isFree && (this.#walker.press(event.code) || this.#shortcut(event))) {
                event.preventDefault();
            }
        });
        document.addEventListener('keyup', (event) => this.#walker?.release(event.code));
        window.addEventListener('blur', () => this.#walker?.releaseAll());
        this.#nodes.stage.addEventListener('blur', () => this.#walker?.releaseAll());
    }

    #shortcut({ code, repeat }) {
        if (code === 'Enter') {
            this.#nodes.input.focus();
            return true;
        }
        const tool = { KeyE: 'wave', KeyQ: 'dance', KeyT: 'talk' }[code];
        if (tool && !repeat) {
            this.#useTool(tool);
        }
        return tool !== undefined;
    }

    #listenToPointer() {
        const { stage } = this.#nodes;
        const walk = (event) => this.#walker?.walkTo(this.#stage.placeAt(event));
        stage.addEventListener('pointerdown', (event) => {
            if (event.button === 0) {
                stage.setPointerCapture(event.pointerId);
                walk(event);
            }
        });
        stage.addEventListener('pointermove', (event) => {
            if (stage.hasPointerCapture(event.pointerId)) {
                walk(event);
            }
        });
    }

    #listenToTools(onProblem) {
        for (const button of this.#nodes.tools.querySelectorAll('button')) {
            button.prepend(icon(button.dataset.tool ?? button.dataset.emote));
            button.addEventListener('click', () => {
                if (button.dataset.tool) {
                    this.#useTool(button.dataset.tool);
                    return;
                }
                try {
                    this.#client.sendEmote(button.dataset.emote);
                } catch (error) {
                    onProblem(error.message);
                }
            });
        }
    }

    #useTool(tool) {
        if (tool === 'wave') {
            this.#walker.wave(performance.now());
        } else if (tool === 'dance') {
            this.#walker.toggleDance();
        } else {
            this.#walker.toggleSpeaking();
        }
        this.#showTools();
    }

    #showTools() {
        const { tools } = this.#nodes;
        tools.querySelector('[data-tool=dance]').setAttribute('aria-pressed', String(this.#walker.isDancing));
        tools.querySelector('[data-tool=talk]').setAttribute('aria-pressed', String(this.#walker.isSpeaking));
    }
}

/** Somewhere around the middle, always the same for a user, so that newcomers do not stand on each other. */
function spawnPlace(userId) {
    const angle = (hash(userId) % 360) * (Math.PI / 180);
    const radius = 1.8 + (hash(userId + '!') % 100) / 40;
    return { x: Math.sin(angle) * radius * 1.3, z: Math.cos(angle) * radius };
}
