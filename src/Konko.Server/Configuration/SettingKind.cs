namespace Konko.Server.Configuration;

/// <summary>How many values a setting has.</summary>
public enum SettingKind
{
    /// <summary>One value.</summary>
    Value,

    /// <summary>On or off; the flag alone is on.</summary>
    Switch,

    /// <summary>Any number of values: a repeated flag, a JSON array, or a list with commas in the environment.</summary>
    List,

    /// <summary>As a list, but with a shape of its own in a JSON file.</summary>
    Objects,
}
