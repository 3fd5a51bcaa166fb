using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Konko.Server.Tests.Reference;

/// <summary>The documentation of the product's types, as Markdown.</summary>
internal static partial class XmlDocs
{
    private static readonly ConcurrentDictionary<Assembly, Dictionary<string, XElement>> s_files = new();

    /// <summary>What a type is.</summary>
    public static string Of(Type type) => Text(Find(type.Assembly, "T:" + NameOf(type)));

    /// <summary>What a property is.</summary>
    public static string Of(PropertyInfo property) => Text(Find(property));

    /// <summary>The same as it stands in the source.</summary>
    public static string SourceOf(PropertyInfo property) => Find(property) is { } summary ? Spaces().Replace(string.Concat(summary.Nodes()), " ").Trim() : "";

    private static XElement? Find(PropertyInfo property) => Find(property.DeclaringType!.Assembly, $"P:{NameOf(property.DeclaringType!)}.{property.Name}");

    private static string NameOf(Type type) => type.FullName!.Replace('+', '.');

    private static XElement? Find(Assembly assembly, string member) => s_files.GetOrAdd(assembly, Load).GetValueOrDefault(member);

    private static Dictionary<string, XElement> Load(Assembly assembly)
        => XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants("member")
            .Where(member => member.Element("summary") is not null)
            .ToDictionary(member => (string)member.Attribute("name")!, member => member.Element("summary")!);

    private static string Text(XElement? summary)
        => summary is null ? "" : Spaces().Replace(string.Concat(summary.Nodes().Select(Text)), " ").Trim();

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement element when element.Attribute("cref") is { } cref => $"`{NameOf(cref.Value)}`",
        XElement element => element.Value,
        _ => "",
    };

    // A property is known by its name on the wire.
    private static string NameOf(string cref)
    {
        string name = cref[(cref.LastIndexOf('.') + 1)..];
        return cref.StartsWith("P:", StringComparison.Ordinal) ? JsonNamingPolicy.SnakeCaseLower.ConvertName(name) : name;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
