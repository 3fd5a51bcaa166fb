namespace Konko.Cli.Terminal;

/// <summary>The few ways in which text is shown, or plain text where there is no colour.</summary>
/// <param name="IsOn">Whether there is colour.</param>
internal readonly record struct Styles(bool IsOn)
{
    /// <summary>Beside the point: statistics, hints, thoughts.</summary>
    public string Dim(string text) => Of("2", text);

    /// <summary>Failures.</summary>
    public string Bad(string text) => Of("31", text);

    private string Of(string code, string text) => IsOn && text.Length > 0 ? $"\e[{code}m{text}\e[0m" : text;
}
