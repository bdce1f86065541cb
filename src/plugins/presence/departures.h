// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/strongid.h"

#include <QSet>

namespace Rollcall::Presence {

/// Who may have left since a resync began: mostly nobody, and asking here costs less than looking
/// up each of a hundred thousand users again.
class Departures
{
public:
    /// Everybody there is now is known to be held.
    void begin() { m_isRecording = true; }
    void note(const UserId &user)
    {
        if (m_isRecording)
            m_users.insert(user);
    }
    void end()
    {
        m_isRecording = false;
        m_users.clear();
    }
    bool mayContain(const UserId &user) const { return m_users.contains(user); }

private:
    QSet<UserId> m_users;
    bool m_isRecording = false;
};

} // namespace Rollcall::Presence
