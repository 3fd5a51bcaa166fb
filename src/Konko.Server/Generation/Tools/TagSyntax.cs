namespace Konko.Server.Generation.Tools;

/// <summary>The tags around the parameters of a call.</summary>
/// <param name="Call">Before the function's name.</param>
/// <param name="CallEnd">After it.</param>
/// <param name="Parameter">Before a parameter's name, which <c>&gt;</c> ends.</param>
/// <param name="ParameterEnd">After its value.</param>
/// <param name="End">After all parameters.</param>
/// <param name="HasLines">Whether a value stands on lines of its own.</param>
internal sealed record TagSyntax(string Call, string CallEnd, string Parameter, string ParameterEnd, string End, bool HasLines)
{
    /// <summary>Qwen3-Coder's.</summary>
    public static TagSyntax Lines { get; } = new("<function=", ">", "<parameter=", "</parameter>", "</function>", HasLines: true);

    /// <summary>DeepSeek's; each parameter says whether it is a text.</summary>
    public static TagSyntax Attributes { get; } = new("<｜DSML｜invoke name=\"", "\">", "<｜DSML｜parameter name=\"", "</｜DSML｜parameter>", "</｜DSML｜invoke>", HasLines: false);

    /// <summary>Takes a parameter's name out of its tag.</summary>
    /// <param name="tag">What stands between <see cref="Parameter"/> and <c>&gt;</c>.</param>
    /// <param name="isText">Whether it says that the value is a text; null where it says nothing.</param>
    public string Name(string tag, out bool? isText)
    {
        isText = null;
        if (HasLines) return tag.Trim();
        int quote = tag.IndexOf('"', StringComparison.Ordinal);
        if (quote < 0) return "";
        isText = tag[quote..].Contains("string=\"true\"", StringComparison.Ordinal) ? true : tag[quote..].Contains("string=\"false\"", StringComparison.Ordinal) ? false : null;
        return tag[..quote];
    }
}
