// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/realtime/recipient.h"

#include "plugins/realtime/turnlog.h"

namespace Rollcall::Realtime {

Recipient::~Recipient()
{
    if (m_log)
        m_log->remove(*this);
}

void Recipient::settleLog() { m_log->settle(*this); }

} // namespace Rollcall::Realtime
