// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>

#include <QByteArray>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace Rollcall {

/// The node's metrics, rendered at GET /metrics in Prometheus' text format.
///
/// Asking again for the same name and labels returns the same object; references stay valid for the
/// life of the Metrics. Names use `[a-z_]`, end in `_total` for counters and in the unit otherwise;
/// a dotted name is a programming error (prometheus-cpp throws).
class ROLLCALL_BASE_EXPORT Metrics
{
public:
    using Labels = std::map<std::string, std::string>;

    Metrics();
    ~Metrics();

    prometheus::Counter &counter(const std::string &name, const std::string &help,
                                 const Labels &labels = {});
    prometheus::Gauge &gauge(const std::string &name, const std::string &help,
                             const Labels &labels = {});
    /// `buckets`: upper bounds in the metric's unit, ascending.
    prometheus::Histogram &histogram(const std::string &name, const std::string &help,
                                     const std::vector<double> &buckets, const Labels &labels = {});

    /// Called before every render, to bring gauges up to date that are not worth keeping so.
    void addCollector(std::function<void()> update);

    QByteArray render();

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace Rollcall
