// What GraphiQL opens with: the sign-ins of the demo and one tab for each example.
// Edit freely; nothing else depends on this file.
'use strict';

window.thidua = {
  // Offered in the bar. `label` is shown in the language of the page.
  accounts: [
    {
      label: { vi: 'Cụm trưởng, cụm 351 (Đông Hà)', en: 'Head of cluster 351 (Đông Hà)' },
      tenant: 'cong-an-quang-tri',
      username: 'dong.ha',
      password: '',
    },
    {
      label: { vi: 'Đơn vị thành viên (Ái Tử)', en: 'Member unit (Ái Tử)' },
      tenant: 'cong-an-quang-tri',
      username: 'ai.tu',
      password: '',
    },
    {
      label: { vi: 'Thường trực Hội đồng tỉnh', en: 'Standing office of the province council' },
      tenant: 'cong-an-quang-tri',
      username: 'thuong.truc',
      password: '',
    },
  ],

  tabs: [
    {
      query: `# Đăng nhập · Sign in
# Thanh phía trên gọi thao tác này. · The bar above calls this operation.
mutation SignIn($input: SignInInput!) {
  signIn(input: $input) {
    session { accessToken refreshToken expiresAt }
    errors { code message path }
  }
}
`,
      variables: `{
  "input": { "tenant": "cong-an-quang-tri", "username": "dong.ha", "password": "" }
}
`,
    },
    {
      query: `# Tôi là ai? · Who am I?
query Viewer {
  viewer {
    __typename
  }
}
`,
    },
    {
      query: `# Cụm 351 · Cluster 351
query Cluster351 {
  clusters(where: { code: { eq: "351" } }) {
    nodes { id name }
  }
}
`,
    },
    {
      query: `# So sánh các đơn vị của một cụm: lấy id ở thẻ trước.
# Compare the units of a cluster: take its id from the tab before.
query ClusterComparison($cluster: ID!) {
  clusterComparison(cluster: $cluster) {
    __typename
  }
}
`,
      variables: '{ "cluster": "" }\n',
    },
  ],
};
