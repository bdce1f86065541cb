// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/extension/pluginspec.h"

#include <QHash>
#include <QMap>

#include <functional>

namespace Rollcall {

/// What decides between plugins, from the `plugins` section and the host.
struct PluginOptions
{
    QStringList disabled; ///< plugin ids
    QMap<QString, QString> providers; ///< service name -> id of the plugin that shall provide it
    QStringList hostServices; ///< what the host itself publishes
    QVersionNumber hostVersion; ///< the version of those
};

/// Decides which of the plugins found can run and in which order, from their metadata alone.
///
/// Looks at specs in state Found; active ones stay as they are. Afterwards each is Resolved,
/// Disabled, Superseded or Failed with its reason.
class ROLLCALL_CORE_EXPORT PluginResolver
{
public:
    PluginResolver(std::vector<PluginSpec *> specs, const PluginOptions &options);

    void resolve();

    /// The newly resolved ones, each after everything it depends on. Independent ones by id.
    const std::vector<PluginSpec *> &order() const { return m_order; }
    /// Choices an operator may want to know of.
    const QStringList &notes() const { return m_notes; }
    /// `plugins.provider` entries that name no provider.
    const QStringList &problems() const { return m_problems; }

private:
    using Candidates = std::vector<PluginSpec *>;
    enum class Mark { Fresh, Open, Done };

    void disable();
    void chooseById();
    void chooseProviders();
    void choose(const Candidates &candidates, const QString &what, const QString &chosenId);
    void visit(PluginSpec *spec);
    /// Empty, or why `spec` cannot run.
    QString connect(PluginSpec *spec, const PluginDependency &dependency);
    void failCycle(PluginSpec *closing);
    Candidates candidates(const std::function<bool(const PluginSpec &)> &isMeant) const;
    PluginSpec *providerOf(const QString &name) const;

    Candidates m_specs;
    const PluginOptions &m_options;
    QHash<PluginSpec *, Mark> m_marks;
    std::vector<PluginSpec *> m_path; // from the root of the search to where it is
    std::vector<PluginSpec *> m_order;
    QStringList m_notes;
    QStringList m_problems;
};

} // namespace Rollcall
