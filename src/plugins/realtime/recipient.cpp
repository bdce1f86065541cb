// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/realtime/recipient.h"

namespace Rollcall::Realtime {

Recipient::~Recipient() = default;

} // namespace Rollcall::Realtime
