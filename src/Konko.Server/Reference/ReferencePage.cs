using System.Net;
using System.Text;
using System.Text.Json;

namespace Konko.Server.Reference;

/// <summary>Renders an OpenAPI document as a page without scripts: what there is to call, then the schemas.</summary>
internal static class ReferencePage
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true, Encoder = Protocol.WireEncoder.Instance };

    /// <summary>The page.</summary>
    /// <param name="template">Its frame.</param>
    /// <param name="document">The document.</param>
    public static string Render(string template, JsonElement document)
    {
        var navigation = new StringBuilder();
        var operations = new StringBuilder();
        string tag = "";
        foreach (JsonProperty path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (JsonProperty method in path.Value.EnumerateObject().Where(method => method.Name != "head"))
            {
                string id = method.Value.GetProperty("operationId").GetString()!;
                string own = method.Value.GetProperty("tags")[0].GetString()!;
                if (own != tag) navigation.Append("<h2>").Append(Html(tag = own)).Append("</h2>\n");
                navigation.Append("<a href=\"#").Append(id).Append("\">").Append(Text(method.Value, "summary")).Append("</a>\n");
                Operation(operations, document, path.Name, method.Name, method.Value);
            }
        }

        var schemas = new StringBuilder();
        foreach (JsonProperty schema in document.GetProperty("components").GetProperty("schemas").EnumerateObject())
        {
            schemas.Append("<h3 id=\"schema-").Append(schema.Name).Append("\"><code>").Append(schema.Name).Append("</code></h3>\n");
            Schema(schemas, schema.Value);
        }

        string introduction = string.Concat(document.GetProperty("info").GetProperty("description").GetString()!.Split("\n\n").Select(paragraph => $"<p>{ReferenceText.Markdown(paragraph)}</p>\n"));
        return template
            .Replace("{nav}", navigation.ToString(), StringComparison.Ordinal)
            .Replace("{introduction}", introduction, StringComparison.Ordinal)
            .Replace("{operations}", operations.ToString(), StringComparison.Ordinal)
            .Replace("{schemas}", schemas.ToString(), StringComparison.Ordinal);
    }

    private static void Operation(StringBuilder page, JsonElement document, string path, string method, JsonElement operation)
    {
        page.Append("<section id=\"").Append(operation.GetProperty("operationId").GetString()).Append("\">\n<h3><span class=\"method\">").Append(method.ToUpperInvariant())
            .Append("</span><code>").Append(Html(path)).Append("</code></h3>\n<p>").Append(Text(operation, "description")).Append("</p>\n");
        if (operation.TryGetProperty("parameters", out JsonElement parameters) && parameters.GetArrayLength() > 0)
        {
            page.Append("<h4>Beside the body</h4>\n<table>\n");
            foreach (JsonElement parameter in parameters.EnumerateArray().Select(parameter => Resolve(document, parameter)))
                Row(page, parameter.GetProperty("name").GetString()!, Text(parameter, "in") + ", " + ReferenceText.Type(parameter.GetProperty("schema")), Text(parameter, "description"));
            page.Append("</table>\n");
        }

        if (operation.TryGetProperty("requestBody", out JsonElement request)) Contents(page, "The body", request);
        page.Append("<h4>Answers</h4>\n");
        foreach (JsonProperty answer in operation.GetProperty("responses").EnumerateObject())
        {
            JsonElement response = Resolve(document, answer.Value);
            page.Append("<details").Append(answer.Name.StartsWith('2') ? " open" : "").Append("><summary><code>").Append(answer.Name).Append("</code> ").Append(Text(response, "description")).Append("</summary>\n");
            Contents(page, null, response);
            page.Append("</details>\n");
        }

        page.Append("</section>\n");
    }

    private static void Contents(StringBuilder page, string? title, JsonElement holder)
    {
        if (!holder.TryGetProperty("content", out JsonElement content)) return;
        if (title is not null) page.Append("<h4>").Append(title).Append("</h4>\n");
        foreach (JsonProperty media in content.EnumerateObject())
        {
            JsonElement schema = media.Value.TryGetProperty("x-event-schema", out JsonElement events) ? events : media.Value.GetProperty("schema");
            page.Append("<p><code>").Append(Html(media.Name)).Append("</code>: ").Append(ReferenceText.Type(schema)).Append("</p>\n");
            if (!media.Value.TryGetProperty("examples", out JsonElement examples)) continue;
            foreach (JsonProperty example in examples.EnumerateObject())
            {
                JsonElement value = example.Value.GetProperty("value");
                string text = value.ValueKind == JsonValueKind.String ? value.GetString()! : JsonSerializer.Serialize(value, s_indented);
                page.Append("<details><summary>").Append(Text(example.Value, "summary")).Append("</summary><pre><code>").Append(Html(text)).Append("</code></pre></details>\n");
            }
        }
    }

    private static void Schema(StringBuilder page, JsonElement schema)
    {
        if (schema.TryGetProperty("description", out _)) page.Append("<p>").Append(Text(schema, "description")).Append("</p>\n");
        if (schema.TryGetProperty("anyOf", out JsonElement options) && options.EnumerateArray().Any(option => option.TryGetProperty("properties", out _)))
        {
            foreach (JsonElement option in options.EnumerateArray()) Schema(page, option);
            return;
        }

        if (!schema.TryGetProperty("properties", out JsonElement properties))
        {
            page.Append("<p class=\"type\">").Append(ReferenceText.Type(schema)).Append("</p>\n");
            return;
        }

        HashSet<string> required = schema.TryGetProperty("required", out JsonElement names) ? [.. names.EnumerateArray().Select(name => name.GetString()!)] : [];
        page.Append("<table>\n");
        foreach (JsonProperty property in properties.EnumerateObject())
            Row(page, property.Name, ReferenceText.Type(property.Value) + ReferenceText.Limits(property.Value) + (required.Contains(property.Name) ? "" : ", optional"), Text(property.Value, "description"));
        page.Append("</table>\n");
    }

    private static void Row(StringBuilder page, string name, string type, string description)
        => page.Append("<tr><td><code>").Append(Html(name)).Append("</code></td><td><span class=\"type\">").Append(type).Append("</span><br>").Append(description).Append("</td></tr>\n");

    private static JsonElement Resolve(JsonElement document, JsonElement element)
    {
        if (!element.TryGetProperty("$ref", out JsonElement reference)) return element;
        return reference.GetString()!["#/".Length..].Split('/').Aggregate(document, (at, step) => at.GetProperty(step));
    }

    private static string Text(JsonElement element, string member) => element.TryGetProperty(member, out JsonElement text) ? ReferenceText.Markdown(text.GetString()!) : "";

    private static string Html(string text) => WebUtility.HtmlEncode(text);
}
