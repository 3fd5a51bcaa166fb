using System.Text.Json;

namespace Konko.Engine.Grammar.Schema;

/// <summary>A whole schema: finds what its references mean.</summary>
internal sealed class SchemaDocument
{
    private static readonly string[] s_maps = ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies"];
    private static readonly string[] s_lists = ["allOf", "anyOf", "oneOf", "prefixItems", "items"];
    private static readonly string[] s_schemas =
        ["items", "additionalItems", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames", "unevaluatedItems", "unevaluatedProperties"];

    private readonly Dictionary<string, SchemaNode> _byName = new(StringComparer.Ordinal);
    private readonly HashSet<string> _dynamicTwice = new(StringComparer.Ordinal);
    private readonly HashSet<string> _dynamic = new(StringComparer.Ordinal);
    private int _count;

    /// <param name="root">The schema.</param>
    /// <exception cref="GrammarException">It is nested too deeply or too large.</exception>
    public SchemaDocument(JsonElement root)
    {
        Root = new SchemaNode(root, "#", BaseOf(root, ""));
        Visit(Root, 0);
        Root = _byName.GetValueOrDefault("", Root);
    }

    /// <summary>The whole.</summary>
    public SchemaNode Root { get; }

    /// <summary>The schema that a <c>$ref</c> or <c>$dynamicRef</c> names.</summary>
    /// <exception cref="GrammarException">There is none in the document, or it depends on where the reference is met.</exception>
    public SchemaNode Resolve(SchemaNode from, string keyword, JsonElement reference)
    {
        if (reference.ValueKind != JsonValueKind.String) throw GrammarException.Invalid(from.At(keyword), "must be a string");
        string text = reference.GetString()!;
        string absolute = Absolute(from.Base, text);
        int hash = absolute.IndexOf('#');
        string document = hash < 0 ? absolute : absolute[..hash], fragment = hash < 0 ? "" : absolute[(hash + 1)..];
        if (keyword == "$dynamicRef" && _dynamicTwice.Contains(fragment))
            throw GrammarException.Unenforceable(from.At(keyword), $"'{text}' has several meanings");
        if (_byName.TryGetValue(fragment.Length == 0 || fragment[0] == '/' ? document : $"{document}#{fragment}", out SchemaNode? node))
            return fragment.Length > 0 && fragment[0] == '/' ? Descend(node, fragment, from.At(keyword), text) : node;
        throw GrammarException.Unenforceable(from.At(keyword), $"'{text}' is not in the schema, and nothing is fetched");
    }

    private static string Absolute(string from, string reference)
    {
        if (from.Length == 0) return reference;
        if (reference.StartsWith('#')) return from + reference;
        return Uri.TryCreate(from, UriKind.Absolute, out Uri? root) && Uri.TryCreate(root, reference, out Uri? uri) ? uri.OriginalString.Length > 0 ? uri.ToString() : reference : reference;
    }

    private static SchemaNode Descend(SchemaNode node, string fragment, string location, string text)
    {
        JsonElement element = node.Element;
        string pointer = node.Pointer, baseId = node.Base;
        foreach (string part in fragment[1..].Split('/'))
        {
            string name = Uri.UnescapeDataString(part).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            bool found = element.ValueKind switch
            {
                JsonValueKind.Object => element.TryGetProperty(name, out element),
                JsonValueKind.Array when int.TryParse(name, out int index) && index >= 0 && index < element.GetArrayLength() => Take(element[index], out element),
                _ => false,
            };
            if (!found) throw GrammarException.Invalid(location, $"'{text}' leads nowhere");
            pointer += "/" + SchemaNode.Escape(name);
            baseId = BaseOf(element, baseId);
        }

        return new SchemaNode(element, pointer, baseId);

        static bool Take(JsonElement item, out JsonElement taken)
        {
            taken = item;
            return true;
        }
    }

    /// <summary>Notes every schema that has a name.</summary>
    private void Visit(SchemaNode node, int depth)
    {
        if (depth > GrammarLimits.Depth) throw GrammarException.TooLarge(node.Pointer, "the schema is nested too deeply");
        if (++_count > GrammarLimits.Evaluations) throw GrammarException.TooLarge("#", "the schema is too large");
        if (node.Element.ValueKind != JsonValueKind.Object)
        {
            if (depth == 0) _byName[""] = node;
            return;
        }

        string baseId = node.Base;
        if (depth == 0)
        {
            _byName[""] = node;
            _byName[baseId] = node;
        }
        else if (HasText(node.Element, "$id"))
        {
            _byName.TryAdd(baseId, node);
        }

        foreach (string keyword in (ReadOnlySpan<string>)["$anchor", "$dynamicAnchor"])
        {
            if (!HasText(node.Element, keyword)) continue;
            string name = node.Element.GetProperty(keyword).GetString()!;
            _byName.TryAdd($"{baseId}#{name}", node);
            if (keyword == "$dynamicAnchor" && !_dynamic.Add(name)) _dynamicTwice.Add(name);
        }

        foreach (string keyword in s_maps)
        {
            if (!node.Element.TryGetProperty(keyword, out JsonElement map) || map.ValueKind != JsonValueKind.Object) continue;
            foreach (JsonProperty property in map.EnumerateObject()) Visit(node.Child(property.Value, keyword, property.Name), depth + 1);
        }

        foreach (string keyword in s_lists)
        {
            if (!node.Element.TryGetProperty(keyword, out JsonElement list) || list.ValueKind != JsonValueKind.Array) continue;
            int i = 0;
            foreach (JsonElement item in list.EnumerateArray()) Visit(node.Child(item, keyword, (i++).ToString(System.Globalization.CultureInfo.InvariantCulture)), depth + 1);
        }

        foreach (string keyword in s_schemas)
        {
            if (node.Element.TryGetProperty(keyword, out JsonElement schema) && schema.ValueKind == JsonValueKind.Object) Visit(node.Child(schema, keyword), depth + 1);
        }
    }

    /// <summary>The base of an element: its own <c>$id</c>, resolved against the one around it.</summary>
    public static string BaseOf(JsonElement element, string around)
    {
        if (element.ValueKind != JsonValueKind.Object || !HasText(element, "$id")) return around;
        string id = element.GetProperty("$id").GetString()!;
        return id.StartsWith('#') ? around : Absolute(around, id).TrimEnd('#');
    }

    private static bool HasText(JsonElement element, string keyword) => element.TryGetProperty(keyword, out JsonElement value) && value.ValueKind == JsonValueKind.String;
}
