namespace Konko.Server.Generation.Tools;

/// <summary>The JSON types that a parameter may have, as far as its schema says.</summary>
[Flags]
internal enum ValueTypes
{
    /// <summary>None at all.</summary>
    None = 0,

    /// <summary>A text.</summary>
    Text = 1,

    /// <summary>A number, an integer among them.</summary>
    Number = 2,

    /// <summary>true or false.</summary>
    Boolean = 4,

    /// <summary>null.</summary>
    Null = 8,

    /// <summary>A list or an object.</summary>
    Container = 16,

    /// <summary>Whatever there is.</summary>
    Any = Text | Number | Boolean | Null | Container,
}
