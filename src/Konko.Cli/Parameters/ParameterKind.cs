namespace Konko.Cli.Parameters;

/// <summary>What a parameter's value is.</summary>
internal enum ParameterKind
{
    /// <summary>A number.</summary>
    Number,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A text.</summary>
    Text,

    /// <summary>One or several texts.</summary>
    Texts,

    /// <summary>On or off.</summary>
    Switch,

    /// <summary>Token ids with what is added to their logits: <c>ID=BIAS</c>.</summary>
    Biases,
}
