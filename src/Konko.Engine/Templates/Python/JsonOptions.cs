using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Python;

/// <summary>How <see cref="JsonText"/> writes.</summary>
/// <param name="Indent">What a level is indented by; null for one line.</param>
/// <param name="ItemSeparator">Between items.</param>
/// <param name="KeySeparator">Between a key and its value.</param>
/// <param name="SortKeys">Whether keys are sorted.</param>
/// <param name="EnsureAscii">Whether other characters than ASCII are escaped.</param>
internal sealed record JsonOptions(StringValue? Indent, StringValue ItemSeparator, StringValue KeySeparator, bool SortKeys, bool EnsureAscii);
