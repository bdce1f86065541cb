// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/clock.h"
#include "core/base/metrics.h"
#include "core/base/strongid.h"
#include "core/extension/serviceregistry.h"

namespace Rollcall {

/// What the host gives every plugin. Valid from initialize() until the plugin is destroyed.
class PluginContext
{
public:
    PluginContext(ServiceRegistry &services, Clock &clock, Metrics &metrics, NodeId node)
        : m_services(services)
        , m_clock(clock)
        , m_metrics(metrics)
        , m_node(std::move(node))
    { }

    ServiceRegistry &services() const { return m_services; }
    Clock &clock() const { return m_clock; }
    Metrics &metrics() const { return m_metrics; }
    /// This run of this host.
    const NodeId &node() const { return m_node; }

    template <typename Service>
    Service *find() const
    {
        return m_services.find<Service>();
    }
    template <typename Service>
    void publish(Service *service) const
    {
        m_services.publish<Service>(service);
    }

private:
    ServiceRegistry &m_services;
    Clock &m_clock;
    Metrics &m_metrics;
    NodeId m_node;
};

} // namespace Rollcall
