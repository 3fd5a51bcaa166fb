using System.Text.Json;

namespace Konko.Engine.Grammar.Calls;

/// <summary>A function that a text may call.</summary>
/// <param name="Name">Its name, of letters, digits, <c>_</c>, <c>-</c> and <c>.</c>.</param>
/// <param name="Arguments">The JSON Schema of its arguments, which are an object; null for any object.</param>
public sealed record CallTool(string Name, JsonElement? Arguments);
