// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/realtime/dialectcodec.h"

namespace Rollcall::Realtime {

DialectCodec::~DialectCodec() = default;

} // namespace Rollcall::Realtime
