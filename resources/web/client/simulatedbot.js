// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

const kWalkSpeed = 2.4; // metres a second
const kReach = { x: 9, z: 6.6 };

const kSmallTalk = [
    'Has anybody seen the new map?', 'I could walk in circles all day.', 'This corner has the best view.',
    'Back in a minute.', 'Who is up for a round later?', 'Lovely crowd today.', 'The music here is great.',
    'I just came from the other room, it was packed.', 'Anyone want to dance?', 'I like what they did with the floor.',
    'Is it always this calm in here?', 'Good to see you all.',
];
const kReplies = ['Hi {name}!', 'Hello {name}, welcome.', 'Hey {name}, good to see you.', 'Welcome in, {name}!'];

/** Somebody made up, who wanders about, waves, dances, and says something now and then. */
export class SimulatedBot {
    #random;
    #seq = 0;
    #untilMs = 0;
    #target = null;

    constructor(userId, displayName, random) {
        this.#random = random;
        this.member = {
            userId, displayName, avatarId: 'bot', state: 'active',
            x: (random() * 2 - 1) * kReach.x, y: 0, z: (random() * 2 - 1) * kReach.z,
            rotY: (random() * 2 - 1) * Math.PI, anim: 'idle', speaking: false,
        };
    }

    /** Lives for `stepMs`: returns {moved, says}. */
    tick(nowMs, stepMs) {
        const before = { ...this.member };
        let says = null;
        if (this.#target) {
            this.#walk(stepMs);
        }
        if (!this.#target && nowMs >= this.#untilMs) {
            says = this.#decide(nowMs);
        }
        const { x, z, rotY, anim, speaking } = this.member;
        const moved = x !== before.x || z !== before.z || rotY !== before.rotY || anim !== before.anim
            || speaking !== before.speaking;
        return { moved, says };
    }

    transform() {
        const { userId, x, y, z, rotY, anim, speaking } = this.member;
        this.#seq += 1;
        return { userId, seq: this.#seq, x, y, z, rotY, anim, speaking };
    }

    greet(name) {
        return this.#pick(kReplies).replace('{name}', name);
    }

    #decide(nowMs) {
        const dice = this.#random();
        this.member.anim = 'idle';
        this.member.speaking = false;
        this.#untilMs = nowMs + 1200 + this.#random() * 3200;
        if (dice < 0.5) {
            this.#target = {
                x: (this.#random() * 2 - 1) * kReach.x,
                z: (this.#random() * 2 - 1) * kReach.z,
            };
        } else if (dice < 0.6) {
            this.member.anim = 'dance';
        } else if (dice < 0.68) {
            this.member.anim = 'wave';
        } else if (dice < 0.78) {
            this.member.speaking = true;
        } else if (dice < 0.83) {
            this.member.speaking = true;
            return this.#pick(kSmallTalk);
        }
        return null;
    }

    #walk(stepMs) {
        const dx = this.#target.x - this.member.x;
        const dz = this.#target.z - this.member.z;
        const distance = Math.hypot(dx, dz);
        const step = (kWalkSpeed * stepMs) / 1000;
        this.member.rotY = Math.atan2(dx, dz);
        this.member.anim = 'walk';
        if (distance <= step) {
            this.member.anim = 'idle';
            this.#target = null;
            return;
        }
        this.member.x += (dx / distance) * step;
        this.member.z += (dz / distance) * step;
    }

    #pick(list) {
        return list[Math.floor(this.#random() * list.length)];
    }
}
