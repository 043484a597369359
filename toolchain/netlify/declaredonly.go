package netlify

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	sources "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
)

// declaredOnly is a resource that Netlify's provider has and this project does not use. Its schema is here, so that the SDK
// which Pulumi generates is the same with either provider; whatever it is asked to do is refused.
type declaredOnly struct {
	name   string
	schema schema.Schema
}

func (declared declaredOnly) Metadata(
	_ context.Context, request resource.MetadataRequest, response *resource.MetadataResponse,
) {
	response.TypeName = request.ProviderTypeName + "_" + declared.name
}

func (declared declaredOnly) Schema(_ context.Context, _ resource.SchemaRequest, response *resource.SchemaResponse) {
	response.Schema = declared.schema
}

func (declared declaredOnly) Create(_ context.Context, _ resource.CreateRequest, response *resource.CreateResponse) {
	refuse(declared.name, &response.Diagnostics)
}

func (declared declaredOnly) Read(_ context.Context, _ resource.ReadRequest, response *resource.ReadResponse) {
	refuse(declared.name, &response.Diagnostics)
}

func (declared declaredOnly) Update(_ context.Context, _ resource.UpdateRequest, response *resource.UpdateResponse) {
	refuse(declared.name, &response.Diagnostics)
}

func (declared declaredOnly) Delete(_ context.Context, _ resource.DeleteRequest, response *resource.DeleteResponse) {
	refuse(declared.name, &response.Diagnostics)
}

// declaredSource is a data source of the same kind.
type declaredSource struct {
	name   string
	schema sources.Schema
}

func (declared declaredSource) Metadata(
	_ context.Context, request datasource.MetadataRequest, response *datasource.MetadataResponse,
) {
	response.TypeName = request.ProviderTypeName + "_" + declared.name
}

func (declared declaredSource) Schema(
	_ context.Context, _ datasource.SchemaRequest, response *datasource.SchemaResponse,
) {
	response.Schema = declared.schema
}

func (declared declaredSource) Read(_ context.Context, _ datasource.ReadRequest, response *datasource.ReadResponse) {
	refuse(declared.name, &response.Diagnostics)
}

func refuse(name string, diagnostics *diag.Diagnostics) {
	diagnostics.AddError("Not in the compatible Netlify provider",
		"netlify_"+name+" is declared here and cannot be used: it needs Netlify's own provider.")
}
