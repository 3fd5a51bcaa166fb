namespace Konko.Server.Configuration;

/// <summary>What is wrong with a setting.</summary>
/// <param name="Setting">The setting's name.</param>
/// <param name="Origin">Where its value came from: a flag, a variable, or a file.</param>
/// <param name="Message">What is wrong, and what would be right.</param>
public sealed record SettingError(string Setting, string Origin, string Message)
{
    /// <summary>One line for people: <c>port (--port): …</c>.</summary>
    public override string ToString() => $"{Setting} ({Origin}): {Message}";
}
