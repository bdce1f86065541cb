// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/metrics.h"

#include <QObject>

namespace Rollcall {

class RedisHub;

/// The hub's part of GET /metrics.
class RedisMetrics : public QObject
{
    Q_OBJECT
public:
    RedisMetrics(RedisHub &hub, Metrics &metrics);

private:
    void update();

    RedisHub &m_hub;
    Metrics &m_metrics;
};

} // namespace Rollcall
