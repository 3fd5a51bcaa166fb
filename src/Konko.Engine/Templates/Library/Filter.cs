using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Library;

/// <summary>A filter, or a method of a value: a function of the value and its further arguments.</summary>
internal delegate TemplateValue Filter(RenderContext context, TemplateValue value, CallArguments arguments);
