// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/base/metrics.h"

#include <prometheus/family.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace Rollcall {

struct Metrics::Private
{
    prometheus::Registry registry;
    std::vector<std::function<void()>> collectors;
};

Metrics::Metrics()
    : d(std::make_unique<Private>())
{ }
Metrics::~Metrics() = default;

// Register() of a known name returns the same family, and Add() of known labels the same metric.
prometheus::Counter &Metrics::counter(const std::string &name, const std::string &help,
                                      const Labels &labels)
{
    return prometheus::BuildCounter().Name(name).Help(help).Register(d->registry).Add(labels);
}

prometheus::Gauge &Metrics::gauge(const std::string &name, const std::string &help,
                                  const Labels &labels)
{
    return prometheus::BuildGauge().Name(name).Help(help).Register(d->registry).Add(labels);
}

prometheus::Histogram &Metrics::histogram(const std::string &name, const std::string &help,
                                          const std::vector<double> &buckets, const Labels &labels)
{
    return prometheus::BuildHistogram()
        .Name(name)
        .Help(help)
        .Register(d->registry)
        .Add(labels, buckets);
}

void Metrics::addCollector(std::function<void()> update)
{
    d->collectors.push_back(std::move(update));
}

QByteArray Metrics::render()
{
    for (const auto &update : d->collectors)
        update();
    return QByteArray::fromStdString(prometheus::TextSerializer().Serialize(d->registry.Collect()));
}

} // namespace Rollcall
