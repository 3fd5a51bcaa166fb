using System.Text.Json;

namespace Konko.Engine.Grammar.Schema;

/// <summary>A schema within a document, or a value that must be met exactly.</summary>
/// <param name="Element">Its JSON.</param>
/// <param name="Pointer">Where it stands, <c>#/properties/a</c>: two of the same pointer are one.</param>
/// <param name="Base">What its references are relative to: its own <c>$id</c>, else the nearest around it, resolved; empty for none.</param>
/// <param name="IsConstant">A value rather than a schema.</param>
internal sealed record SchemaNode(JsonElement Element, string Pointer, string Base, bool IsConstant = false)
{
    /// <summary>The pointer of a part.</summary>
    public string At(string keyword) => $"{Pointer}/{Escape(keyword)}";

    /// <summary>A schema below it.</summary>
    public SchemaNode Child(JsonElement element, params ReadOnlySpan<string> path)
    {
        string pointer = Pointer;
        foreach (string part in path) pointer += "/" + Escape(part);
        return new SchemaNode(element, pointer, SchemaDocument.BaseOf(element, Base));
    }

    /// <summary>A name as a JSON pointer spells it.</summary>
    public static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
