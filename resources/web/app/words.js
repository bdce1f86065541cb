// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

/** The connection in words: {short} beside the dot, {long} where there is room, {action} in the way of the view or not. */
export function statusWords({ status, message, retryInMs, attempt }, { provider, awayMs = 0 } = {}) {
    switch (status) {
    case 'connecting':
        return { short: 'Connecting', long: 'Asking the host for a seat.' };
    case 'online':
        return provider === 'sim'
            ? { short: 'Simulation', long: 'Everybody here is simulated in this window; no host is needed.' }
            : { short: 'Connected', long: 'The others can see you.' };
    case 'stale':
        return { short: 'No answer', long: 'The host has not answered for a while. What you see may be out of date.' };
    case 'lost':
        return { short: 'Presence lost', long: 'The host stopped counting you. Checking in again.' };
    case 'offline':
        return { short: 'Offline', long: 'This device has no network. You are back as soon as it is.' };
    case 'reconnecting':
        return awayMs > 15000
            ? { short: 'Presence lost', long: 'No connection for ' + seconds(awayMs) + ', so the others may not see you any more. '
                + retryWords(retryInMs, attempt) }
            : { short: 'Reconnecting', long: 'The connection was lost; your seat is being held. ' + retryWords(retryInMs, attempt) };
    case 'closed':
        return { short: 'Disconnected', long: message ?? 'You left.' };
    default:
        return { short: 'Not in a room', long: 'Choose a room to enter.' };
    }
}

function retryWords(retryInMs, attempt) {
    return retryInMs > 1500 ? 'Try ' + attempt + ' in ' + seconds(retryInMs) + '.' : 'Trying again.';
}

export function seconds(ms) {
    const count = Math.max(1, Math.round(ms / 1000));
    return count < 90 ? count + (count === 1 ? ' second' : ' seconds') : Math.round(count / 60) + ' minutes';
}

const kErrors = {
    room_not_found: 'That room does not exist (any more).',
    room_full: 'That room is full. Try another one.',
    blocked: 'You cannot enter that room.',
    no_room: 'No room has a free seat right now. Try again in a moment.',
    unavailable: 'The host is not able to seat anybody right now. Try again in a moment.',
    starting: 'The host is still starting. Try again in a moment.',
    draining: 'The host is being restarted. Try again in a moment.',
    network: 'The host cannot be reached. Is it running?',
    timeout: 'The host did not answer in time.',
    unauthorized: 'This host wants a sign-in that this page does not have.',
    not_in_room: 'Not sent: there is no connection to the room right now.',
    out_of_range: 'The host refused a value as out of range.',
};

export function errorWords({ code, message }) {
    return kErrors[code] ?? message ?? 'Something went wrong (' + code + ').';
}

export function authErrorWords({ reason }) {
    if (reason === 'forbidden') {
        return 'The host says this is not yours to do.';
    }
    return (reason === 'token_expired' ? 'Your room token has expired.' : 'The host did not accept your room token.')
        + ' Getting a fresh one.';
}

const kEvents = { avatar_transform: 'moves', local_chat: 'messages', emote: 'reactions' };

export function rateLimitedWords({ event, limitPerSecond, dropped }) {
    const what = kEvents[event] ?? 'requests';
    const lost = dropped > 0 ? ' ' + dropped + (dropped === 1 ? ' was' : ' were') + ' not delivered.' : '';
    return 'Too fast: at most ' + limitPerSecond + ' ' + what + ' a second.' + lost;
}

/** What a member is doing, for the list. */
export function activityWords({ state, anim, speaking }) {
    if (state === 'away') {
        return 'away';
    }
    const doing = { walk: 'walking', dance: 'dancing', wave: 'waving' }[anim];
    return [doing, speaking ? 'speaking' : null].filter(Boolean).join(', ') || 'here';
}

export function leaveWords(name, reason) {
    return name + ({
        lost: ' lost the connection', expired: ' went quiet and left', kicked: ' was removed', drained: ' left',
    }[reason] ?? ' left');
}

const kRegions = {
    eu: 'Europe', us: 'Americas', ap: 'Asia Pacific', asia: 'Asia', af: 'Africa', sa: 'South America', oc: 'Oceania',
};

export function regionWords(region) {
    return kRegions[region] ?? region ?? '';
}

export function capitalised(text) {
    return text ? text[0].toLocaleUpperCase() + text.slice(1) : '';
}
