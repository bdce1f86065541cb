// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/services/presenceinspection.h"

#include <QJsonObject>

namespace Rollcall::Presence {

/// What was found, for machines and for people.
QJsonObject inspectionToJson(const PresenceInspection &found);
QString inspectionToText(const PresenceInspection &found);

QJsonObject purgeToJson(const PurgeReport &report);
/// `isPlan`: nothing has been done yet.
QString purgeToText(const PurgeReport &report, bool isPlan);

/// How many things do not fit together.
int findingsIn(const PresenceInspection &found);

} // namespace Rollcall::Presence
