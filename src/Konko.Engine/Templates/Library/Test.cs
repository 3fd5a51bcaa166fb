using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Library;

/// <summary>A test of <c>value is test(arguments)</c>.</summary>
internal delegate bool Test(RenderContext context, TemplateValue value, CallArguments arguments);
