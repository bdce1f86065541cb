// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/extension/pluginspec.h"

#include "core/extension/elffile.h"
#include "core/extension/plugin.h"

#include <QFileInfo>
#include <QPluginLoader>

#include <array>

namespace Rollcall {

QLatin1String pluginStateName(PluginState state)
{
    static constexpr std::array names{"found",   "disabled",    "superseded", "resolved",
                                      "loaded",  "initialized", "running",    "stopping",
                                      "stopped", "failed"};
    return QLatin1String(names.at(size_t(state)));
}

QLatin1String pluginOriginName(PluginOrigin origin)
{
    static constexpr std::array names{"built-in", "path", "drop-in"};
    return QLatin1String(names.at(size_t(origin)));
}

PluginSpec::PluginSpec(const QString &path, PluginOrigin origin)
    : m_path(path)
    , m_origin(origin)
{
    if (const auto read = readMetaData(); !read)
        setState(PluginState::Failed, read.error().logText);
}

QString PluginSpec::id() const
{
    return m_hasMetaData ? m_metaData.id : QFileInfo(m_path).fileName();
}

bool PluginSpec::isActive() const
{
    return m_state == PluginState::Initialized || m_state == PluginState::Running
        || m_state == PluginState::Stopping;
}

const PluginSpec *PluginSpec::brokenDependency() const
{
    for (const PluginDependency &dependency : m_metaData.dependencies) {
        if (dependency.type != PluginDependency::Type::Required)
            continue;
        for (const PluginSpec *provider : m_dependencies) {
            const bool isIt = provider->id() == dependency.name
                || provider->metaData().provides.contains(dependency.name);
            if (isIt && provider->state() == PluginState::Failed)
                return provider;
        }
    }
    return nullptr;
}

void PluginSpec::setState(PluginState state, const QString &reason)
{
    m_state = state;
    m_reason = reason;
}

Result<void> PluginSpec::readMetaData()
{
    // Qt reads metadata out of an incomplete file too, and loading that one would crash the
    // process.
    if (const auto complete = checkElfFile(m_path); !complete)
        return complete.error();
    const QPluginLoader loader(m_path);
    const QJsonObject json = loader.metaData();
    if (json.isEmpty()) {
        return Error{ErrorCode::Configuration,
                     QStringLiteral("not a plugin: %1").arg(loader.errorString()),
                     {}};
    }
    const QString iid = json.value(QLatin1String("IID")).toString();
    if (iid != QLatin1String(ROLLCALL_PLUGIN_IID)) {
        return Error{ErrorCode::Configuration,
                     QStringLiteral("made for the interface \"%1\", this host has \"%2\"")
                         .arg(iid.left(128), QLatin1String(ROLLCALL_PLUGIN_IID)),
                     {}};
    }
    auto metaData = PluginMetaData::fromJson(json.value(QLatin1String("MetaData")).toObject());
    if (!metaData) {
        return Error{ErrorCode::Configuration,
                     QStringLiteral("wrong metadata: %1").arg(metaData.error().logText),
                     {}};
    }
    m_metaData = std::move(metaData).value();
    m_hasMetaData = true;
    return {};
}

} // namespace Rollcall
