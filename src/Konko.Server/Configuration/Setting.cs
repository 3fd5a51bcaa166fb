namespace Konko.Server.Configuration;

/// <summary>One setting: its names everywhere, what it means, and how a value changes the options.</summary>
public sealed class Setting
{
    internal Setting(string name, string flag, string valueName, SettingKind kind, string description, Func<KonkoOptions, SettingValue, KonkoOptions> apply)
    {
        Name = name;
        Flag = flag;
        ValueName = valueName;
        Kind = kind;
        Description = description;
        Apply = apply;
    }

    /// <summary>The name in the JSON file, in snake case.</summary>
    public string Name { get; }

    /// <summary>The name in the environment: <c>KONKO_</c> and the name in capitals.</summary>
    public string Variable => "KONKO_" + Name.ToUpperInvariant();

    /// <summary>The command line's flag.</summary>
    public string Flag { get; }

    /// <summary>What the help shows for a value, such as <c>PATH</c>; empty for a switch.</summary>
    public string ValueName { get; }

    /// <summary>How many values it has.</summary>
    public SettingKind Kind { get; }

    /// <summary>A line for the help.</summary>
    public string Description { get; }

    /// <summary>Takes a value into the options; a wrong one is reported to the value and changes nothing.</summary>
    internal Func<KonkoOptions, SettingValue, KonkoOptions> Apply { get; }
}
