namespace Konko.Server.Configuration;

/// <summary>The options that were read, or what is wrong with them.</summary>
/// <param name="Options">The options; use them only when there are no errors.</param>
/// <param name="Errors">Everything that is wrong, in the order it was found.</param>
public sealed record LoadedConfiguration(KonkoOptions Options, IReadOnlyList<SettingError> Errors);
